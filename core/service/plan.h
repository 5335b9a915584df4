// Plan: the message of PlanService, as the server gives it: every field written, null for messages
// that are not set, so that a client can send back what it got (plan-semantics §1.1 to §1.5).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/json_writer.h"
#include "core/json/document.h"
#include "core/plan/plan.h"

namespace lockstep::service {

/// What the server adds to what the client said.
struct PlanFacts {
  std::string name, issue, creator;
  base::Instant created{0}, updated{0};
  std::string title, description;
  std::map<std::string, std::int64_t> check_counts;  ///< "ERROR": 2
};

/// `document` is that of which `plan` was decoded. In the form that the plan has.
void WritePlan(base::JsonWriter& writer, const plan::Plan& plan, const json::Document& document,
               const PlanFacts& facts);

}  // namespace lockstep::service
