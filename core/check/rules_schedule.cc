#include "core/base/text.h"
#include "core/base/time.h"
#include "core/check/rules.h"

namespace lockstep::check {
namespace {

using base::Quote;

std::string Format(const plan::Spec& spec) {
  return base::FormatInstant(base::ToInstant(spec.earliest_allowed_time.value));
}

bool IsTimestamp(const Context& context, Span written) {
  const std::string_view text = context.sources[context.plan.source].Slice(written);
  return text.size() >= 2 && base::ParseTimestamp(text.substr(1, text.size() - 2)).has_value();
}

void CheckDependencyTimes(Context& context, SpecIndex index) {
  const plan::Spec& spec = context.plan.specs[index];
  const plan::Spec* latest = nullptr;
  for (const SpecIndex on : context.specs[index].depends_on.Of(context.dependencies)) {
    const plan::Spec& other = context.plan.specs[on];
    if (!other.earliest_allowed_time.present) continue;
    if (other.earliest_allowed_time.value <= spec.earliest_allowed_time.value) continue;
    if (latest == nullptr ||
        other.earliest_allowed_time.value > latest->earliest_allowed_time.value) {
      latest = &other;
    }
  }
  if (latest == nullptr) return;
  context
      .Report(Rule::kTimeBeforeDependency, spec.earliest_allowed_time.span,
              "this time has no effect, because the spec waits for " + Quote(latest->id.value) +
                  ", which starts at " + Format(*latest) + " at the earliest")
      .related.push_back(
          context.RelatedAt(latest->earliest_allowed_time.span, "the time of the dependency"));
}

/// Specs of one step on one database: a later one with an earlier time, or none, goes first.
class OvertakingRule {
 public:
  explicit OvertakingRule(Context& context) : context_(context), told_(context.plan.specs.size()) {}

  void CheckDatabase(DatabaseIndex database) {
    SpecIndex latest;  // of the step so far, the spec with the latest time
    for (const SpecIndex spec : context_.SpecsOn(database)) {
      const plan::Spec& written = context_.plan.specs[spec];
      if (latest.valid() && context_.plan.specs[latest].step != written.step) latest = SpecIndex();
      if (latest.valid() && !told_[latest.value()] && Overtakes(spec, latest)) {
        told_[latest.value()] = true;
        Tell(database, spec, latest);
      }
      if (!written.earliest_allowed_time.present) continue;
      if (!latest.valid() || TimeOf(spec) >= TimeOf(latest)) latest = spec;
    }
  }

 private:
  base::Timestamp TimeOf(SpecIndex spec) const {
    return context_.plan.specs[spec].earliest_allowed_time.value;
  }

  bool Overtakes(SpecIndex spec, SpecIndex latest) {
    const plan::Spec& a = context_.plan.specs[latest];
    const plan::Spec& b = context_.plan.specs[spec];
    if (b.earliest_allowed_time.present && TimeOf(spec) >= TimeOf(latest)) return false;
    const auto& va = a.config.schema_version.value;
    const auto& vb = b.config.schema_version.value;
    if (!va.empty() && !vb.empty() && va != vb) return false;  // the versions decide
    return !context_.Ordered(latest, spec);
  }

  void Tell(DatabaseIndex database, SpecIndex spec, SpecIndex latest) {
    const plan::Spec& overtaking = context_.plan.specs[spec];
    const bool has_time = overtaking.earliest_allowed_time.present;
    Diagnostic& found = context_.Report(
        Rule::kLaterSpecOvertakes, context_.plan.specs[latest].earliest_allowed_time.span,
        "while this spec waits for its time, " + context_.NameOf(spec) + " may change " +
            Quote(context_.inventory.databases[database].name.value) +
            " first; if the order matters, let it depend on this one");
    found.related.push_back(context_.RelatedAt(
        has_time ? overtaking.earliest_allowed_time.span : context_.SpanOf(spec),
        has_time ? "the later spec with an earlier time" : "the later spec, which has no time"));
  }

  Context& context_;
  std::vector<bool> told_;  // per spec that is overtaken
};

}  // namespace

void CheckSpecSchedule(Context& context, SpecIndex index) {
  const plan::Spec& spec = context.plan.specs[index];
  const Span written = spec.earliest_allowed_time_span;
  if (written.begin == written.end) return;
  if (!spec.earliest_allowed_time.present) {
    if (!IsTimestamp(context, written)) return;  // a finding of the decoder
    Diagnostic& found = context.Report(Rule::kTimeWithoutLimit, written,
                                       "a time at or before 1970 sets no limit; write null, or the "
                                       "time that was meant");
    found.fixes.push_back({"write null", {{context.PlaceOf(written), "null"}}});
    return;
  }
  const base::Timestamp time = spec.earliest_allowed_time.value;
  if (!context.first_time.valid()) context.first_time = index;
  if (context.options.now && base::ToInstant(time) < *context.options.now) {
    context.Report(Rule::kTimeInThePast, written,
                   "this time is in the past (now it is " +
                       base::FormatInstant(*context.options.now) + "), so it holds nothing back");
  }
  if (time.nanos != 0) {
    context.Report(Rule::kSubSecondTime, written,
                   "Bytebase compares whole seconds, so the fraction is lost there");
  }
  CheckDependencyTimes(context, index);
}

void CheckTimeZones(Context& context, const inventory::Hours& hours) {
  for (const auto& window : hours.windows) {
    if (context.options.time_zones(window.value.zone,
                                   context.options.now.value_or(base::Instant{})))
      continue;
    context.emitter.Report(Rule::kUnknownTimeZone, {context.inventory.source, window.span},
                           "there is no time zone " + Quote(window.value.zone) +
                               "; zones have names such as Europe/Berlin, America/New_York or UTC");
  }
}

void CheckSchedule(Context& context) {
  for (const inventory::Environment& environment : context.inventory.environments)
    CheckTimeZones(context, environment.hours);
  for (const inventory::StageHours& stage : context.inventory.stages)
    CheckTimeZones(context, stage.hours);
  const plan::Plan& plan = context.plan;
  if (context.first_time.valid()) {
    context.Report(
        Rule::kScheduleLicence, plan.specs[context.first_time].earliest_allowed_time.span,
        "Bytebase refuses earliestAllowedTime when its licence lacks scheduling; Lockstep "
        "needs none");
    OvertakingRule overtaking(context);
    for (const DatabaseIndex database : context.inventory.databases.indices()) {
      if (context.SpecsOn(database).size() > 1) overtaking.CheckDatabase(database);
    }
  }
  if (!plan.has_vcs_source) return;
  Diagnostic& found = context.Report(
      Rule::kVcsSourcePresent, plan.vcs_source_span,
      "vcsSource is present, so Bytebase 2.23 to 3.4 lets each task wait for the one "
      "before on its database, and a failure holds all that follow");
  const std::string_view text = context.sources[plan.source].Slice(plan.vcs_source_span);
  const bool empty = text.find('"') == text.npos;  // nobody meant anything by it
  if (empty)
    found.fixes.push_back({"write null", {{context.PlaceOf(plan.vcs_source_span), "null"}}});
}

}  // namespace lockstep::check
