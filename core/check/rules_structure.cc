#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/check/rules.h"

namespace lockstep::check {
namespace {

using plan::ConfigKind;

constexpr std::array<bool, 256> HexDigits() {
  std::array<bool, 256> digits{};
  for (const char c : std::string_view("0123456789abcdefABCDEF"))
    digits[static_cast<unsigned char>(c)] = true;
  return digits;
}

/// RFC 4122's text form; any version, any case. Without branches on digits, which nobody can
/// predict.
bool IsUuid(std::string_view id) {
  static constexpr std::array<bool, 256> kHex = HexDigits();
  if (id.size() != 36) return false;
  if (id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-') return false;
  unsigned digits = 0;
  for (const char c : id) digits += kHex[static_cast<unsigned char>(c)];
  return digits == 32;
}

void CheckIdsAreUuids(Context& context) {
  const auto& ids = context.spec_ids.texts();
  std::size_t others = 0;
  SpecIndex first;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (IsUuid(ids[i])) continue;
    if (others++ == 0) first = context.spec_of_id[i];
  }
  if (others == 0) return;
  const diagnostics::SpannedText& id = context.plan.specs[first].id;
  std::string message = base::Quote(id.value);
  if (others > 1) message += " and " + base::Plural(others - 1, "other id", "other ids");
  message += others > 1 ? " are not UUIDs" : " is not a UUID";
  context.Report(Rule::kSpecIdNotUuid, id.span,
                 message + "; Bytebase documents UUIDs and accepts any text");
}

void CheckOneKind(Context& context) {
  std::vector<SpecIndex> firsts;
  std::vector<std::string> parts;
  for (const ConfigKind kind :
       {ConfigKind::kChangeDatabase, ConfigKind::kCreateDatabase, ConfigKind::kExportData}) {
    const auto number = static_cast<std::size_t>(kind);
    if (context.kind_counts[number] == 0) continue;
    firsts.push_back(context.first_of_kind[number]);
    parts.push_back(std::to_string(context.kind_counts[number]) + " " +
                    std::string(ToString(kind)));
  }
  if (firsts.size() < 2) return;
  std::sort(firsts.begin(), firsts.end());
  const SpecIndex first = firsts[0], other = firsts[1];
  const plan::Config& config = context.plan.specs[first].config;
  context
      .Report(Rule::kMixedConfigKinds, context.plan.specs[other].config.key_span,
              "the plan mixes kinds of config (" + base::Join(parts, ", ") +
                  "); make one plan for each kind")
      .related.push_back(context.RelatedAt(
          config.key_span, "the first spec has a " + std::string(ToString(config.kind))));
}

void CheckEmptySteps(Context& context) {
  const plan::Plan& plan = context.plan;
  const bool flat = plan.form == plan::Form::kFlat;
  if (flat ? plan.specs.empty() : plan.steps.empty()) {
    const Span span = flat && !plan.steps.empty() ? plan.steps.back().span : Opening(plan.span);
    context.Refuse(Rule::kNoSteps, span,
                   flat ? "the plan has no spec, so there is nothing to do"
                        : "the plan has no step, so there is nothing to do");
    return;
  }
  for (const plan::Step& step : plan.steps) {
    if (!step.specs.empty()) continue;
    context.Refuse(
        Rule::kEmptyStep, Opening(step.span),
        (step.title.value.empty() ? "this step" : "step " + base::Quote(step.title.value)) +
            " has no specs; add one, or remove the step");
  }
}

}  // namespace

void CheckSpecStructure(Context& context, SpecIndex index) {
  const plan::Spec& spec = context.plan.specs[index];
  if (spec.id.value.empty()) {
    context.Report(Rule::kMissingSpecId, SpanOrOpening(spec.id),
                   "this spec has no id; give it one that no other spec has");
  } else if (const SpecIndex first = context.spec_of_id[context.id_of[index.value()]];
             first != index) {
    context
        .Report(Rule::kDuplicateSpecId, spec.id.span,
                "a spec with the id " + base::Quote(spec.id.value) +
                    " exists already; ids are unique in the whole plan, so give this one another")
        .related.push_back(
            context.RelatedAt(context.plan.specs[first].id.span, "the first spec with this id"));
  }
  if (spec.config.kind == ConfigKind::kNone) {
    context.Refuse(Rule::kMissingConfig, context.SpanOf(index),
                   context.NameOf(index) +
                       " has nothing to do; give it a changeDatabaseConfig, a createDatabaseConfig "
                       "or an exportDataConfig");
  }
}

void CheckStructure(Context& context) {
  CheckEmptySteps(context);
  CheckOneKind(context);
  CheckIdsAreUuids(context);
}

}  // namespace lockstep::check
