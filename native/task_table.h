// TaskTable: for each task of a rollout, where it works and what its client is told. Whatever can
// be seen to be impossible is seen here, for all tasks at once, before any of them starts.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/api/workspace.h"
#include "core/rollout/scheduler.h"
#include "native/ask.h"
#include "native/client/client.h"
#include "native/connection/target.h"
#include "native/process/loop.h"
#include "native/runner.h"

namespace lockstep::native {

class TaskTable {
 public:
  /// `folder`: where relative addresses of the inventory start. All must outlive the table.
  TaskTable(const api::Workspace& workspace, const rollout::Rollout& rollout, std::string folder,
            const Execution& execution);

  struct Problems {
    std::vector<std::string>
        not_executable;  ///< of the plan: types, engines and sheets that cannot be run yet
    std::vector<std::string> unreachable;  ///< of the world: clients, files, servers
    std::vector<std::string> not_allowed;  ///< hosts that are not on the allow list
  };
  /// Looks at every task that is not DONE or SKIPPED. Starts each client once, to ask for its
  /// version, and once for each database of a server, unless Execution says that this is
  /// not wanted. With Execution::keep_going what cannot be reached is no problem of the whole.
  Problems Check(const rollout::State& state, process::Loop& loop);

  /// Clients that Check has connected, by PlaceOf, and that wait for tasks in its loop.
  std::vector<std::pair<std::size_t, KeptClient>> TakeConnected() {
    return std::exchange(connected_, {});
  }

  /// The database that a task works on, or makes, as a number.
  std::size_t PlaceOf(rollout::TaskIndex task) const;
  std::size_t places() const { return places_.size(); }
  const client::Client& ClientOf(rollout::TaskIndex task) const;
  /// Why nothing can be done where this task works, as Check found it; "" when something can.
  const std::string& ProblemOf(rollout::TaskIndex task) const;
  /// REQUIRES: no problem there.
  const client::Target& TargetOf(rollout::TaskIndex task) const;
  /// Without nonce, run and limits, which belong to an attempt.
  client::TaskScript ScriptOf(rollout::TaskIndex task) const;
  /// Passwords: what must not be shown.
  std::vector<std::string_view> Secrets() const { return passwords_.values(); }

 private:
  struct Place {  // a database, or one that a task makes
    std::string name;
    inventory::InstanceIndex instance;
    client::Target target;
    std::string problem;
    bool unreachable = false;  // else: not executable
    bool will_be_created = false;
  };
  struct SheetView {
    std::string_view name, sha256, file, text;
    const sql::SplitResult* split = nullptr;
  };
  Place MakePlace(std::string name, inventory::InstanceIndex instance,
                  const base::Result<client::Target>& target) const;
  static std::string IdentityOf(const Place& place);
  const plan::Spec& SpecOf(rollout::TaskIndex task) const;
  SheetView SheetOf(rollout::TaskIndex task) const;
  sql::Engine EngineOf(rollout::TaskIndex task) const;
  std::string ProblemOfSheet(rollout::TaskIndex task) const;
  void FindClients(std::vector<std::string>& problems);
  void Ask(process::Loop& loop, const std::vector<char>& needed,
           std::vector<std::string>& problems);
  Question ConnectionQuestion(const Place& place) const;

  const api::Workspace& workspace_;
  const rollout::Rollout& rollout_;
  std::string folder_;
  const Execution& execution_;
  connection::Passwords passwords_;
  std::vector<Place> places_;  // by DatabaseIndex; then those of DATABASE_CREATE tasks
  std::unordered_map<std::uint32_t, std::size_t> created_;  // task -> places_
  std::vector<std::pair<std::size_t, KeptClient>> connected_;
};

}  // namespace lockstep::native
