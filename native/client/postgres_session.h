// The question in which session of the server a task works, and who waits for whom there.
// https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
#pragma once

#include "native/client/client.h"

namespace lockstep::client {

/// Asks for the fact "sessions" of Client::MakeSessionProbe. Changes nothing and takes no lock.
std::string MakePostgresSessionProbe(const TaskScript& task);

/// Who has a lock on a relation that the statement (an index) names.
std::string MakePostgresHolderProbe(const TaskScript& task, std::uint32_t statement);

}  // namespace lockstep::client
