// Bodies of requests that say what is to stand in an inventory, read into settings of its entries
// (plan-semantics §1.10). Fields that only a server writes are read past. Instances are in
// instance_body.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/service/setting.h"

namespace lockstep::service {

struct EntryBody {
  std::vector<Setting> settings;
  std::optional<std::size_t> order;  ///< of an environment: its place in the list
  std::string project;               ///< of a database
};

Paths PathsOfEnvironment();
Paths PathsOfDatabase();
Paths PathsOfGroup();

// kInvalidArgument with the place of the first mistake.
base::Result<EntryBody> ReadEnvironmentBody(std::string_view json);
base::Result<EntryBody> ReadDatabaseBody(std::string_view json);
base::Result<EntryBody> ReadGroupBody(std::string_view json);

/// The "rolloutPolicy" of an environment that a Policy says. What Lockstep could not keep to
/// (roles, status checks, other types, enforce: false) is refused.
base::Result<std::vector<Setting>> ReadPolicyBody(std::string_view json);

}  // namespace lockstep::service
