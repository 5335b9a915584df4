// KeptClients: clients that have done their task and wait for another one on the same database.
// Starting a client costs more than most sheets do. One is kept only from the end of a task to the
// end of the turn in which the next task starts; then it is told to go.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "native/process/loop.h"

namespace lockstep::native {

/// A client that reads its script from a pipe, and may be given more of it.
struct KeptClient {
  process::ChildId child = 0;
  std::uint32_t lines = 0;  ///< of script that it was given so far: it counts lines from its start
};

class KeptClients {
 public:
  /// How many tasks each place has. A place is a database (TaskTable::PlaceOf).
  KeptClients(process::Loop& loop, std::vector<std::uint32_t> tasks)
      : loop_(loop), tasks_(std::move(tasks)) {}

  /// Counts one; whether others may still come there, for which a client is worth keeping.
  bool StartsTask(std::size_t place);
  void Keep(std::size_t place, KeptClient client);
  /// One that waits there, if it has not gone by itself.
  std::optional<KeptClient> Take(std::size_t place);
  /// What nobody took reads its end of input.
  void CloseAll();

 private:
  process::Loop& loop_;
  std::vector<std::uint32_t> tasks_;  // by place: not started yet
  std::unordered_map<std::size_t, KeptClient> waiting_;
};

}  // namespace lockstep::native
