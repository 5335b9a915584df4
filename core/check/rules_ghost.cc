#include <limits>

#include "core/base/text.h"
#include "core/check/ghost_flags.h"
#include "core/check/rules.h"

namespace lockstep::check {
namespace {

using base::Quote;
using plan::ChangeType;

std::string RangeOf(const GhostFlag& flag) {
  if (flag.greatest == std::numeric_limits<std::int64_t>::max()) {
    return std::to_string(flag.least) + " or more";
  }
  return std::to_string(flag.least) + " to " + std::to_string(flag.greatest);
}

void CheckFlag(Context& context, const plan::Flag& written) {
  const GhostFlag* flag = FindGhostFlag(written.key.value);
  if (flag == nullptr) {
    context.Report(Rule::kUnknownGhostFlag, written.key.span,
                   Quote(written.key.value) +
                       " is not among the flags of gh-ost that can be set here" +
                       context.Suggest(written.key.value, AllGhostFlags(),
                                       [](const GhostFlag& known) { return known.name; }));
  } else if (!IsValid(flag->type, written.value.value)) {
    context.Report(Rule::kGhostFlagValue, written.value.span,
                   Quote(flag->name) + " is " + std::string(Describe(flag->type)) + ", and " +
                       Quote(written.value.value) + " is not");
  } else if (!IsInRange(*flag, written.value.value)) {
    context.Report(
        Rule::kGhostFlagRange, written.value.span,
        Quote(flag->name) + " takes " + RangeOf(*flag) + "; with " +
            std::string(written.value.value) +
            (flag->fails_outside ? " the run fails" : " gh-ost takes the nearest of these"));
  }
}

void CheckConflict(Context& context, std::span<const plan::Flag> flags) {
  const plan::Flag* switched = nullptr;
  const plan::Flag* assumed = nullptr;
  for (const plan::Flag& flag : flags) {
    if (base::ParseBool(flag.value.value) != true) continue;
    if (flag.key.value == "switch-to-rbr") switched = &flag;
    if (flag.key.value == "assume-rbr") assumed = &flag;
  }
  if (switched == nullptr || assumed == nullptr) return;
  context
      .Report(Rule::kGhostFlagConflict, assumed->key.span,
              "\"assume-rbr\" and \"switch-to-rbr\" exclude each other; keep one of them")
      .related.push_back(context.RelatedAt(switched->key.span, "the other flag"));
}

}  // namespace

void CheckSpecGhost(Context& context, SpecIndex spec) {
  const plan::Spec& written = context.plan.specs[spec];
  const plan::Config& config = written.config;
  const std::span<const plan::Flag> flags = context.plan.GhostFlagsOf(written);
  if (config.type.value == ChangeType::kMigrateGhost) {
    for (const plan::Flag& flag : flags) CheckFlag(context, flag);
    CheckConflict(context, flags);
    if (written.depends_on.empty()) return;
    context.Report(
        Rule::kGhostWithDependencies, written.depends_on_span,
        "on Bytebase up to 3.4.0 the cutover of a gh-ost change with dependencies fails; "
        "Lockstep lets its sync wait for them");
  } else if (!flags.empty()) {
    context
        .Report(Rule::kGhostFlagsIgnored, config.ghost_flags_span,
                "ghostFlags do nothing, because the change is not made with gh-ost")
        .fixes.push_back({"empty ghostFlags", {{context.PlaceOf(config.ghost_flags_span), "{}"}}});
  }
}

}  // namespace lockstep::check
