#include "native/service/rollout_answer.h"

#include "core/base/text.h"
#include "core/base/version.h"
#include "core/names/resource_name.h"
#include "native/service/automatic.h"
#include "native/service/issue_of_plan.h"

namespace lockstep::service {

native::ReadOptions OptionsOf(const Settings& settings) {
  native::ReadOptions options;
  options.lenient = true;
  options.semantics = settings.semantics;
  options.pace = settings.pace;
  options.on_request = true;
  options.version = base::Version();
  options.inventory_folder = settings.execution.inventory_folder;
  return options;
}

std::string RolloutNameOf(const Call& call) {
  return "projects/" + call.path[0] + "/rollouts/" + call.path[1];
}

base::Result<RolloutFacts> FactsOf(Context& context, const ledger::RolloutRecord& record) {
  RolloutFacts facts{.name = record.name,
                     .plan = ledger::OptionOf(record.options, ledger::kPlanOption),
                     .issue = "",
                     .title = record.title,
                     .creator = ledger::OptionOf(record.options, kCreatorOption),
                     .created = record.created};
  const auto issue = IssueOfPlan(context, facts.plan);
  if (!issue.ok()) return issue.error();
  if (*issue) facts.issue = NameOf((*issue)->object);
  return facts;
}

Answer RolloutAnswer(Context& context, const std::string& name) {
  const auto live = context.rollouts.Find(context.ledger, name);
  if (!live.ok()) return live.error();
  const native::StoredRollout& stored = *(*live)->stored;
  auto facts = FactsOf(context, stored.record());
  if (!facts.ok()) return facts.error();
  facts->stages = StagesAskedFor(stored.record(), stored.rollout());
  base::JsonWriter writer;
  WriteRollout(writer, ViewOf(**live), *facts);
  return writer.Take();
}

base::Status WriteHead(Context& context, base::JsonWriter& writer,
                       const ledger::RolloutRecord& record) {
  const auto facts = FactsOf(context, record);
  if (!facts.ok()) return facts.error();
  WriteRolloutHead(writer, *facts, record.digest, record.status);
  return {};
}

base::Result<ledger::Object> FindPlan(Context& context, std::string_view name) {
  const auto parsed = names::ParsePlanName(name);
  if (!parsed)
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "invalid plan " + base::Quote(name) + ": expected projects/{p}/plans/{n}"};
  return Get(context, ledger::Object::Kind::kPlan, parsed->project, parsed->plan);
}

}  // namespace lockstep::service
