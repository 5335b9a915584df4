// What a statement is to MariaDB and MySQL when a sheet is applied step by step.
// https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
#pragma once

#include "native/client/steps.h"

namespace lockstep::client {

StepKind MariadbStepKind(const TaskScript& task, std::size_t statement);

}  // namespace lockstep::client
