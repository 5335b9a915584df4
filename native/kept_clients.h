// KeptClients: clients that have done their task and wait for another one on the same database.
// Starting a client costs more than most sheets do. Those that wait count as connections of their
// instance, are few, and go when nothing comes for a moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "native/process/loop.h"

namespace lockstep::native {

/// A client that reads its script from a pipe, and may be given more of it.
struct KeptClient {
  process::ChildId child = 0;
  std::uint32_t lines = 0;   ///< of script that it was given so far: it counts lines from its start
  std::string session = {};  ///< client::TaskScript::session
  std::string_view farewell = "";  ///< script that it is given before its input ends
};

class KeptClients {
 public:
  /// Each has a process and three descriptors.
  static constexpr std::size_t kMost = 100;

  /// Numbers: of TaskTable::PlaceOf, and of the rollout's instances.
  struct Place {
    std::uint32_t tasks = 0;  ///< that did not start yet
    std::uint32_t instance = 0;
  };
  struct Instance {
    std::uint32_t most = 0;               ///< connections
    std::uint32_t busy = 0, waiting = 0;  ///< clients
  };
  KeptClients(process::Loop& loop, std::vector<Place> places, std::vector<Instance> instances)
      : loop_(loop), places_(std::move(places)), instances_(std::move(instances)) {}

  /// A task starts there. Makes room for its client, unless one waits there. Whether others may
  /// still come, for which a client is worth keeping.
  bool StartsTask(std::size_t place);
  void EndsTask(std::size_t place);
  /// One that is connected and has had no task yet. It goes at once where there is no room.
  void Adopt(std::size_t place, KeptClient client);
  /// Its task has succeeded. The same.
  void Keep(std::size_t place, KeptClient client);
  /// One that waits there, if it has not gone by itself.
  std::optional<KeptClient> Take(std::size_t place);
  /// The one that waits there goes.
  void Dismiss(std::size_t place);

 private:
  struct Waiting {
    KeptClient client;
    process::TimerId patience;
  };
  using Iterator = std::unordered_map<std::size_t, Waiting>::iterator;
  Instance& InstanceOf(std::size_t place) { return instances_[places_[place].instance]; }
  void Remove(Iterator waiting);
  void Close(Iterator waiting);
  void SendAway(const KeptClient& client);
  void LetWait(std::size_t place, KeptClient client);

  process::Loop& loop_;
  std::vector<Place> places_;
  std::vector<Instance> instances_;
  std::unordered_map<std::size_t, Waiting> waiting_;  // by place
};

}  // namespace lockstep::native
