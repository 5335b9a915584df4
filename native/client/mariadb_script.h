// The script that the mariadb or mysql client runs for one task, step by step: their DDL commits by
// itself. https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
#pragma once

#include "native/client/script.h"

namespace lockstep::client {

/// `database`: where the task works, and where its markers are.
Script MakeMariadbScript(const TaskScript& task, std::string_view database);

/// Takes the lock and tells what the markers say; changes nothing, but for what
/// TaskScript::assume settles.
std::string MakeMariadbProbe(const TaskScript& task, std::string_view database);

/// Changes nothing and takes no lock.
std::string MakeMariadbConnectionProbe(std::string_view nonce);

/// Short and the same for every run of the task: in a comment of each of its statements.
std::string MariadbTag(const TaskScript& task);

}  // namespace lockstep::client
