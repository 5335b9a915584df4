// The script that isql runs for one task. What DDL makes is not there before it is committed, so a
// sheet goes step by step; but DDL obeys transactions, so each step is atomic with its marker row.
// https://firebirdsql.org/file/documentation/html/en/firebirddocs/isql/firebird-isql.html
#pragma once

#include "native/client/script.h"
#include "native/client/steps.h"

namespace lockstep::client {

Script MakeFirebirdScript(const TaskScript& task);

/// Waits for the transaction of a lost session, and tells what the markers say.
std::string MakeFirebirdProbe(const TaskScript& task);

/// Changes nothing.
std::string MakeFirebirdConnectionProbe(std::string_view nonce);

StepKind FirebirdStepKind(const TaskScript& task, std::size_t statement);

}  // namespace lockstep::client
