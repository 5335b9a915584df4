// What verdicts of all engines have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "native/client/client.h"
#include "native/client/steps.h"

namespace lockstep::client {

rollout::TaskError PlainError(std::string code, std::string message, std::string hint = {});

/// Without a word of the client: what the process itself shows.
rollout::TaskError ErrorOfProcess(std::string_view program, const ProcessEnd& end);

/// Puts the error at a byte of a statement (index in the split).
void SetPlace(const TaskScript& script, std::size_t statement, std::size_t offset,
              rollout::TaskError& error);

/// The task has a row already, written in one transaction with what it tells of.
void JudgeOldRow(const MarkerLog& markers, RunVerdict& verdict);

/// The same of a sheet that goes step by step (`kind` is not null): where it may go on.
void JudgeOldSteps(const TaskScript& script, const MarkerLog& markers, KindOfStatement kind,
                   RunVerdict& verdict);

/// What a probe that held the lock has found. `kind`: of stepwise sheets, else null.
void JudgeProbedRow(const TaskScript& script, const MarkerLog& markers, KindOfStatement kind,
                    ProbeVerdict& verdict);

/// Statements that are committed when the statement at `index` is not, in a run that began at
/// `next`.
std::uint32_t CommittedBefore(const TaskScript& script, std::uint32_t index, std::size_t next,
                              KindOfStatement kind);

/// Of a DATABASE_CREATE.
rollout::TaskError DatabaseExists();

/// {3, 40, 1} of "3.40.1-beta"; empty when it starts with no number.
std::vector<int> VersionNumbers(std::string_view text);

}  // namespace lockstep::client
