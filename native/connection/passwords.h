// Passwords: the secrets of the instances of one inventory, each read once, when its first target
// is made.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/inventory/inventory.h"
#include "native/connection/secret.h"

namespace lockstep::connection {

class Passwords {
 public:
  /// `folder`: where relative paths start.
  explicit Passwords(std::string folder) : folder_(std::move(folder)) {}

  /// "" when the instance has none. The view lives as long as this object.
  base::Result<std::string_view> Of(const inventory::Instance& instance);

  /// All that were read.
  std::vector<std::string_view> values() const;

 private:
  std::string folder_;
  std::map<std::string, base::Result<Secret>, std::less<>> by_instance_;
};

}  // namespace lockstep::connection
