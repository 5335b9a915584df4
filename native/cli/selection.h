// Selection: which rollout and which tasks of it the words of a command line mean.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "native/cli/verb.h"
#include "native/ledger/ledger.h"
#include "native/stored_rollout.h"

namespace lockstep::cli {

struct Words {
  std::vector<std::string> positional;  ///< [ROLLOUT] and full task names
  std::vector<std::string> tasks;       ///< --task
};

/// [ROLLOUT]
Argument RolloutArgument(std::string& rollout);
/// [ROLLOUT|TASK …] and --task
std::vector<Argument> SelectionArguments(Words& words);

struct Selected {
  std::string rollout;  ///< "": the newest
  std::vector<std::string> tasks;
};

/// A word is a rollout (its name or number) when the ledger has it, else a task. At most one
/// rollout. Tasks are not looked up here.
base::Result<Selected> Resolve(const Words& words, const std::string& ledger_path);

/// A ledger opened for reading, and a rollout in it: for the verbs that only look.
struct Opened {
  std::unique_ptr<ledger::Ledger> ledger;
  ledger::RolloutRecord record;
  std::vector<std::string> tasks;
};
base::Result<Opened> OpenRollout(const std::string& rollout, const std::string& ledger_path);
base::Result<Opened> OpenRollout(const Words& words, const std::string& ledger_path);

}  // namespace lockstep::cli
