// Plan: the message of PlanService, as the server gives it: every field written, null for messages
// that are not set, so that a client can send back what it got (plan-semantics §1.1 to §1.5).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/json_writer.h"
#include "core/json/document.h"
#include "core/plan/plan.h"
#include "core/service/message.h"

namespace lockstep::service {

class PlanText;

/// What the server adds to what the client said.
struct PlanFacts {
  std::string name, issue, creator;
  base::Instant created{0}, updated{0};
  std::string title, description;
  std::map<std::string, std::int64_t> check_counts;  ///< "ERROR": 2
  /// Whose vcsSource and releaseSource it has; null: those of its document.
  const PlanText* source = nullptr;
};

/// `document` is that of which `plan` was decoded. In the form that the plan has.
void WritePlan(base::JsonWriter& writer, const plan::Plan& plan, const json::Document& document,
               const PlanFacts& facts);

/// Each spec's message by its id: equal texts are equal specs.
std::map<std::string, std::string> SpecMessages(const plan::Plan& plan,
                                                const json::Document& document);

/// What a plan says, read past what nobody knows.
class PlanText {
 public:
  static base::Result<PlanText> Read(std::string_view json);
  const plan::Plan& plan() const { return *plan_; }
  const json::Document& document() const { return body_->document(); }

 private:
  std::unique_ptr<Body> body_;
  std::optional<plan::Plan> plan_;
};

}  // namespace lockstep::service
