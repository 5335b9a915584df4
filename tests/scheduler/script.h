// Script: one file of tests/scheduler/scripts, the language that the scheduler is told in.
//
//   # W1: what it proves, and where that is written       comments stay as they are
//   environments test prod                                default: test
//   instance main MYSQL in test connections 2: db1 db2    engine (POSTGRES), environment, cap (10)
//   group all: db1 db2                                    databases by name
//   semantics bytebase-3.4    parallel 2    canary 1    max-failures 2%    terminal    vcs
//   on-request                                            no task runs before somebody asks for it
//   step Title                                            or `specs`: the flat form, without steps
//     A: db1                                              MIGRATE, unless it says DATA, BASELINE …
//     B: db2 DATA after A version 2 from 1h               dependsOnSpecs, schemaVersion, time
//     C: group all | D: create new on main | E: export db1
//
//   > begin                                               commands; what follows, indented, is
//     1 rollout started                                   what the scheduler answers
//   > at 10s done A
//
//   semantics bytebase-3.4                                after commands: the same plan again, told
//   > begin                                               from the start with another option
//
// Commands (a task is its spec's id, with @database when the spec has several and .sync or .cutover
// for gh-ost's two; /2 names an attempt, else it is the last):
//   begin [A: at work elsewhere] · tick 1h (or to the wakeup)
//   busy A "why" · done A · fail A "why" · canceled A · lose A
//   resolve A committed|not_applied|failed · unresolved A
//   run A · retry A · skip A "why" · cancel A
//   pause [cancel] · crash [after 5]      drops the scheduler and folds the ledger, or its first 5
//   at 10s <command> · waiting · status · tasks · check
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::scheduler_test {

struct Line {
  enum class Kind { kText, kSetup, kCommand };  // kText: a comment or blank
  Kind kind;
  std::string text;  ///< of a command: without "> "
  int number = 0;
};

/// Without the old answers.
std::vector<Line> ReadScript(std::string_view text);

/// Words, at blanks; "quoted text" is one word, without its quotes.
std::vector<std::string> Words(std::string_view text);

}  // namespace lockstep::scheduler_test
