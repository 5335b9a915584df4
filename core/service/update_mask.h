// UpdateMask: which fields a PATCH changes. Without one in the query they are those of the body, as
// grpc-gateway takes it (plan-semantics §1.12, item 14).
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lockstep::service {

class UpdateMask {
 public:
  /// `mask`: in either spelling, with commas between; `body`: what is read without one.
  /// kInvalidArgument "invalid update_mask path" for one that is not among `known` (lowerCamel). A
  /// body may also have fields of `read_only`: they are no part of the mask.
  static base::Result<UpdateMask> Parse(const std::optional<std::string>& mask,
                                        std::string_view body,
                                        std::span<const std::string_view> known,
                                        std::span<const std::string_view> read_only = {});

  bool Has(std::string_view field) const { return fields_.count(field) > 0; }

 private:
  std::set<std::string, std::less<>> fields_;
};

}  // namespace lockstep::service
