// The script that psql runs for one task. A sheet is one transaction with its marker row in it;
// with a statement that cannot be in one (CREATE INDEX CONCURRENTLY), it is applied step by step.
// https://www.postgresql.org/docs/current/app-psql.html
#pragma once

#include "native/client/script.h"

namespace lockstep::client {

/// What stands in the error of an end without its marker row, before "true" or "false": whether it
/// was still the task's transaction.
inline constexpr std::string_view kNotDone = "lockstep: not done, same transaction: ";

Script MakePostgresScript(const TaskScript& task);

/// Takes the lock and tells what the markers say; changes nothing but what TaskScript::assume
/// settles.
std::string MakePostgresProbe(const TaskScript& task);

/// Changes nothing and takes no lock. `will_be_created`: the database that a task makes from here,
/// or "".
std::string MakePostgresConnectionProbe(std::string_view nonce, std::string_view will_be_created);

/// What the sessions of this task call themselves: application_name. Of a kept client too.
std::string PostgresSessionName(const TaskScript& task);

}  // namespace lockstep::client
