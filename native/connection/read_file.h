// ReadFile: a whole file into memory, within a limit.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"

namespace lockstep::connection {

enum class Readable : std::uint8_t {
  kAnything,     ///< pipes and devices too, to their end
  kRegularFile,  ///< nothing that might keep its reader waiting
};

/// At most `limit` bytes (kResourceExhausted above). The text has spare capacity for
/// diagnostics::Source's padding.
base::Result<std::string> ReadFile(const std::string& path, std::uint64_t limit,
                                   Readable what = Readable::kAnything);

}  // namespace lockstep::connection
