// UpdateMask: which fields a PATCH changes. Without one in the query they are those of the body, as
// grpc-gateway takes it (plan-semantics §1.12, item 14).
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "native/service/context.h"

namespace lockstep::service {

class UpdateMask {
 public:
  /// kInvalidArgument "invalid update_mask path" for one that is not among `known` (lowerCamel).
  static base::Result<UpdateMask> Parse(const Call& call, std::span<const std::string_view> known);
  bool Has(std::string_view field) const { return fields_.count(std::string(field)) > 0; }

 private:
  std::set<std::string> fields_;
};

}  // namespace lockstep::service
