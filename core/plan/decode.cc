#include "core/plan/decode.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/json/proto_json.h"
#include "core/plan/decode_spec.h"
#include "core/plan/fields.h"

namespace lockstep::plan {
namespace {

using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Value;

struct PlanFrame {
  Plan& plan;
};

struct StepFrame {
  Plan& plan;
  Step& step;
  StepIndex index;
};

template <SpannedText Plan::*kField>
void ReadText(Reader&, PlanFrame& frame, const Member& member) {
  frame.plan.*kField = Reader::Text(member.value);
}

// ---- steps and specs ----

/// Exact where it matters (one long list), and left to the vector's own growth where it would make
/// many short lists quadratic.
template <class Items>
void ReserveMore(Items& items, std::size_t more) {
  if (more > items.size()) items.reserve(items.size() + more);
}

/// Appends the specs of `array` to the plan; they belong to `step`.
base::IndexRange<SpecIndex> ReadSpecList(Reader& reader, Plan& plan, StepIndex step, Value array) {
  const SpecIndex first = plan.specs.next();
  const std::size_t size = array.size();
  ReserveMore(plan.specs, size);
  ReserveMore(plan.targets, size);  // most specs have one
  reader.ReadList(array, Shape::kObject, [&](Value element) {
    Spec& spec = plan.specs.emplace_back();
    spec.step = step;
    DecodeSpec(reader, element, plan, spec);
  });
  return {first, plan.specs.next()};
}

void ReadStepTitle(Reader&, StepFrame& frame, const Member& member) {
  frame.step.title = Reader::Text(member.value);
}

void ReadStepSpecs(Reader& reader, StepFrame& frame, const Member& member) {
  frame.step.specs = ReadSpecList(reader, frame.plan, frame.index, member.value);
}

constexpr Field<StepFrame> kStepFields[] = {
    {"title", "title", Shape::kText, &ReadStepTitle},
    {"specs", "specs", Shape::kList, &ReadStepSpecs},
};
constexpr Message<StepFrame> kStep{"a step", kStepFields};

Step EmptyStep(const Plan& plan, Span span) {
  Step step;
  step.span = span;
  step.title.span = span;
  step.specs = {plan.specs.next(), plan.specs.next()};
  return step;
}

void ReadSteps(Reader& reader, PlanFrame& frame, const Member& member) {
  Plan& plan = frame.plan;
  if (plan.form != Form::kSteps) return;  // both forms: a finding already
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    Step step = EmptyStep(plan, element.span());
    StepFrame step_frame{plan, step, plan.steps.next()};
    reader.ReadObject(element, kStep, step_frame);
    plan.steps.push_back(step);
  });
}

void ReadSpecs(Reader& reader, PlanFrame& frame, const Member& member) {
  Plan& plan = frame.plan;
  if (plan.form != Form::kFlat) return;  // both forms: a finding already
  Step step = EmptyStep(plan, member.value.span());
  step.specs = ReadSpecList(reader, plan, StepIndex(0), member.value);
  plan.steps.push_back(step);
}

// ---- where a plan came from ----

constexpr json::EnumName kVcsTypes[] = {
    {"VCS_TYPE_UNSPECIFIED", 0}, {"GITHUB", 1}, {"GITLAB", 2}, {"BITBUCKET", 3},
    {"AZURE_DEVOPS", 4},
};

void CheckVcsType(Reader& reader, PlanFrame&, const Member& member) {
  reader.Enum(member.value, kVcsTypes);
}
void CheckText(Reader&, PlanFrame&, const Member&) {}  // nothing beyond its JSON type

constexpr Field<PlanFrame> kVcsSourceFields[] = {
    {"vcsType", "vcs_type", Shape::kEnum, &CheckVcsType},
    {"vcsConnector", "vcs_connector", Shape::kText, &CheckText},
    {"pullRequestUrl", "pull_request_url", Shape::kText, &CheckText},
};
constexpr Message<PlanFrame> kVcsSource{"vcsSource", kVcsSourceFields};

void ReadVcsSource(Reader& reader, PlanFrame& frame, const Member& member) {
  frame.plan.has_vcs_source = true;
  frame.plan.vcs_source_span = member.value.span();
  reader.ReadObject(member.value, kVcsSource, frame);
}

constexpr Field<PlanFrame> kReleaseSourceFields[] = {
    {"release", "release", Shape::kText, &ReadText<&Plan::release>},
};
constexpr Message<PlanFrame> kReleaseSource{"releaseSource", kReleaseSourceFields};

void ReadReleaseSource(Reader& reader, PlanFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kReleaseSource, frame);
}

void ReadEnvironments(Reader& reader, PlanFrame& frame, const Member& member) {
  reader.ReadTextList(member.value, frame.plan.deployment_environments);
}

constexpr Field<PlanFrame> kDeploymentFields[] = {
    {"environments", "environments", Shape::kList, &ReadEnvironments},
    // A snapshot of what groups matched when a server made the plan; here the inventory decides.
    {"databaseGroupMappings", "database_group_mappings", Shape::kList},
};
constexpr Message<PlanFrame> kDeployment{"deployment", kDeploymentFields};

void ReadDeployment(Reader& reader, PlanFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kDeployment, frame);
}

// ---- Plan ----

constexpr Field<PlanFrame> kPlanFields[] = {
    {"name", "name", Shape::kText, &ReadText<&Plan::name>},
    {"uid", "uid", Shape::kAny},
    {"issue", "issue", Shape::kText, &ReadText<&Plan::issue>},
    {"title", "title", Shape::kText, &ReadText<&Plan::title>},
    {"description", "description", Shape::kText, &ReadText<&Plan::description>},
    {"steps", "steps", Shape::kList, &ReadSteps},
    {"specs", "specs", Shape::kList, &ReadSpecs},
    {"vcsSource", "vcs_source", Shape::kObject, &ReadVcsSource},
    {"releaseSource", "release_source", Shape::kObject, &ReadReleaseSource},
    {"deployment", "deployment", Shape::kObject, &ReadDeployment},
    // What a server adds to its answers.
    {"creator", "creator", Shape::kAny},
    {"createTime", "create_time", Shape::kAny},
    {"updateTime", "update_time", Shape::kAny},
    {"planCheckRunStatusCount", "plan_check_run_status_count", Shape::kAny},
    {"deploymentConfigSnapshot", "deployment_config_snapshot", Shape::kAny},
    {"hasRollout", "has_rollout", Shape::kAny},
    {"rollout", "rollout", Shape::kAny},
    {"state", "state", Shape::kAny},
};
constexpr Message<PlanFrame> kPlan{"the plan", kPlanFields};

/// The members of the root that decide what the document is; null ones are not there.
struct Outline {
  std::optional<Member> steps, specs, plan;
  std::string_view other;  ///< what else it may be

  explicit Outline(Value root) {
    for (const Member& member : root.members()) {
      if (member.value.is_null()) continue;
      if (member.key == "steps") steps = member;
      if (member.key == "specs") specs = member;
      if (member.key == "plan") plan = member;
      if (member.key == "stages") other = "a rollout";
      if (member.key == "instances" || member.key == "databaseGroups") other = "an inventory";
      if (member.key == "durations" || member.key == "failures") other = "a scenario";
    }
  }
  bool has_form() const { return steps || specs; }
};

/// `{` alone: a whole document is no place to point at.
Span Opening(Value value) {
  return {value.span().begin, value.span().begin + 1};
}

bool IsNonEmptyArray(const std::optional<Member>& member) {
  return member && member->value.kind() == json::Kind::kArray && member->value.size() > 0;
}

Form ChooseForm(Reader& reader, const Outline& outline) {
  if (!outline.steps || !outline.specs) return outline.specs ? Form::kFlat : Form::kSteps;
  reader
      .Report(Rule::kBothForms, outline.specs->key_span,
              "the plan has both \"steps\" and \"specs\"; keep \"steps\" (the older form) or "
              "\"specs\" (the flat one)")
      .related.push_back(reader.RelatedAt(outline.steps->key_span, "the steps"));
  return !IsNonEmptyArray(outline.steps) && IsNonEmptyArray(outline.specs) ? Form::kFlat
                                                                           : Form::kSteps;
}

std::optional<Plan> DecodePlan(Reader& reader, Value root, const Outline& outline) {
  Plan plan;
  plan.source = reader.source();
  plan.span = root.span();
  plan.form = ChooseForm(reader, outline);
  for (SpannedText Plan::*field :
       {&Plan::name, &Plan::title, &Plan::description, &Plan::issue, &Plan::release}) {
    (plan.*field).span = plan.span;
  }
  PlanFrame frame{plan};
  reader.ReadObject(root, kPlan, frame);
  if (!outline.has_form()) {
    reader.Report(Rule::kNoStepsOrSpecs, Opening(root),
                  "the plan has neither \"steps\" nor \"specs\", so there is nothing to do");
    return std::nullopt;
  }
  return plan;
}

}  // namespace

std::optional<Plan> Decode(const json::Document& document, bool lenient,
                           diagnostics::Emitter& emitter) {
  Reader reader(document, lenient, emitter);
  Value root = document.root();
  if (root.kind() != json::Kind::kObject) {
    reader.Report(Rule::kNotAPlan, Opening(root),
                  "a plan is an object with \"steps\" or \"specs\", and this is " +
                      std::string(ToString(root.kind())));
    return std::nullopt;
  }
  Outline outline(root);
  if (!outline.has_form() && outline.plan && outline.plan->value.kind() == json::Kind::kObject) {
    reader.Report(Rule::kNotAPlan, outline.plan->key_span,
                  "this looks like the body of a request: the plan is what lies under \"plan\"; "
                  "pass that object alone");
    root = outline.plan->value;
    outline = Outline(root);
  } else if (!outline.has_form() && !outline.other.empty()) {
    reader.Report(Rule::kNotAPlan, Opening(root),
                  "this looks like " + std::string(outline.other) +
                      "; a plan is an object with \"steps\" or \"specs\"");
    return std::nullopt;
  }
  return DecodePlan(reader, root, outline);
}

std::vector<json::MessageFields> FieldTables() {
  std::vector<json::MessageFields> tables{Describe(kPlan), Describe(kStep), Describe(kVcsSource),
                                          Describe(kReleaseSource), Describe(kDeployment)};
  AppendSpecTables(tables);
  return tables;
}

}  // namespace lockstep::plan
