// Reach: whether databases of an inventory answer, by asking them with their clients.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/inventory/inventory.h"
#include "native/process/loop.h"

namespace lockstep::native {

struct Reached {
  bool ok = true;
  std::string message;      ///< what was found, or what is wrong and what to do; without secrets
  base::Duration took{-1};  ///< starting a client and connecting it; -1: it did not answer
};

struct ReachOptions {
  std::string folder;  ///< where relative addresses of the inventory start
  /// Where the client of an engine is.
  std::function<base::Result<std::string>(sql::Engine)> program;
  std::vector<std::string> allowed_hosts;  ///< as of Execution
  int stop = -1;  ///< once it can be read, nobody wants the answers any more
};

/// In the order of the databases. Changes nothing. Blocks; REQUIRES: nothing else runs in the loop.
std::vector<Reached> Reach(process::Loop& loop, const inventory::Inventory& inventory,
                           std::span<const inventory::DatabaseIndex> databases,
                           const ReachOptions& options);

}  // namespace lockstep::native
