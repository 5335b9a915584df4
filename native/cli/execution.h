// Execution settings: what run, resume, retry, skip and cancel have in common, and how what they
// did is shown.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "native/cli/settings.h"
#include "native/report/progress.h"
#include "native/runner.h"

namespace lockstep::cli {

struct ExecutionSettings {
  std::string ledger = ".lockstep/ledger.db";
  std::vector<std::string> clients;  ///< ENGINE=PROGRAM
  std::vector<std::string> allowed_hosts;
  std::vector<std::string> assumptions;  ///< TASK=done|notapplied
  bool cancel_orphans = false, keep_going = false;
  std::optional<std::string> task_timeout, statement_timeout, busy_timeout, max_wait;
  std::optional<std::uint32_t> jobs;
  std::string events;
  std::string format = "text";
  bool verbose = false;
};

Argument LedgerArgument(std::string& ledger);
/// What a command has to say so that it means this one: " --ledger …"; "" for the default.
std::string LedgerOption(const std::string& ledger);
/// Those of them that also hold for runners of `serve`: --ledger, --client, --allow-host, timeouts
void AddRunnerArguments(std::vector<Argument>& arguments, ExecutionSettings& settings);
/// Of the verbs that can find tasks in doubt: --assume, --cancel-orphans
void AddRecoveryArguments(std::vector<Argument>& arguments, ExecutionSettings& settings);
/// --events, --client, --allow-host, the timeouts, --verbose, --ledger, --format
void AddExecutionArguments(std::vector<Argument>& arguments, ExecutionSettings& settings);

base::Result<native::Execution> MakeExecution(const ExecutionSettings& settings);
base::Result<connection::ClientPrograms> ParseClients(const std::vector<std::string>& clients);

using Estimator = std::function<report::Estimate(const rollout::Rollout&)>;
using Operation = std::function<native::Outcome(const native::Execution&, native::RunListener&)>;
/// Does it with live progress, and reports the outcome in the format that was asked for.
int Execute(const ExecutionSettings& settings, Estimator estimator, const Operation& operation);

}  // namespace lockstep::cli
