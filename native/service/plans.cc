// PlanService, without its checks and previews.
#include "core/service/plan.h"

#include "core/base/text.h"
#include "core/service/filter.h"
#include "core/service/paging.h"
#include "core/service/update_mask.h"
#include "native/service/issue_of_plan.h"
#include "native/service/methods.h"
#include "native/service/plan_checks.h"
#include "native/service/plan_of_release.h"
#include "native/service/revise_rollout.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using ledger::Object;

/// The text that is stored: what the client said, and who it was.
std::string Stored(const plan::Plan& plan, const json::Document& document, const PlanFacts& facts) {
  base::JsonWriter writer;
  WritePlan(writer, plan, document, facts);
  return writer.Take();
}

std::string CreatorOf(const PlanText& text) {
  const auto creator = text.document().root().Find("creator");
  return creator ? std::string(creator->AsString()) : "";
}

Answer PlanAnswer(Context& context, const Object& object) {
  const auto text = PlanText::Read(object.json);
  if (!text.ok()) return text.error();
  PlanFacts facts{.name = NameOf(object),
                  .issue = "",
                  .creator = CreatorOf(*text),
                  .created = object.created,
                  .updated = object.updated,
                  .title = std::string(text->plan().title.value),
                  .description = std::string(text->plan().description.value),
                  .check_counts = {}};
  const auto issue = IssueOfPlan(context, facts.name);
  if (!issue.ok()) return issue.error();
  if (*issue) facts.issue = NameOf((*issue)->object);
  auto counts = CheckCounts(context, facts.name);
  if (!counts.ok()) return counts.error();
  facts.check_counts = std::move(*counts);
  base::JsonWriter writer;
  WritePlan(writer, text->plan(), text->document(), facts);
  return writer.Take();
}

constexpr std::string_view kPlanFilterFields[] = {"name", "title", "creator", "create_time"};

base::Result<bool> Fits(const Filter& filter, const Object& object) {
  if (filter.terms().empty()) return true;  // without a look into it
  const auto text = PlanText::Read(object.json);
  if (!text.ok()) return text.error();
  return filter.Matches([&](std::string_view field) -> std::vector<std::string> {
    if (field == "name") return {NameOf(object)};
    if (field == "title") return {std::string(text->plan().title.value)};
    if (field == "creator") return {CreatorOf(*text)};
    return {base::FormatInstant(object.created)};
  });
}

Answer PlanList(Context& context, const Call& call, const SearchRequest& request) {
  const auto page = Page::Parse(request.size, request.token);
  if (!page.ok()) return page.error();
  const auto filter = Filter::Parse(request.filter, kPlanFilterFields);
  if (!filter.ok()) return filter.error();
  const auto numbers = Numbers(context, Object::Kind::kPlan, call.path[0]);
  if (!numbers.ok()) return numbers.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("plans").BeginArray();
  std::size_t count = 0;
  for (const std::int64_t number : *numbers) {
    const bool on_page = count >= page->offset && count < page->offset + page->size;
    if (filter->terms().empty() && !on_page) {  // it need not be looked at
      ++count;
      continue;
    }
    const auto object = Get(context, Object::Kind::kPlan, number);
    if (!object.ok()) return object.error();
    const auto fits = Fits(*filter, *object);
    if (!fits.ok()) return fits.error();
    if (!*fits) continue;
    ++count;
    if (!on_page) continue;
    const auto plan = PlanAnswer(context, *object);
    if (!plan.ok()) return plan.error();
    writer.Raw(*plan);
  }
  writer.EndArray().Member("nextPageToken", page->NextToken(count));
  return writer.EndObject().Take();
}

/// The ids of specs that say something else than before. Before a rollout is made of it a plan may
/// get and lose specs; then they are its tasks.
base::Result<std::set<std::string>> ChangedSpecs(const PlanText& before,
                                                 const api::Workspace& after, bool has_rollout) {
  const auto old_specs = SpecMessages(before.plan(), before.document());
  const auto new_specs = SpecMessages(*after.plan(), *after.plan_document());
  std::set<std::string> changed;
  for (const auto& [id, message] : new_specs) {
    const auto old = old_specs.find(id);
    if (old == old_specs.end() && has_rollout)
      return Error{ErrorCode::kInvalidArgument,
                   "cannot add specs to plan: a rollout was made of it, and spec " +
                       base::Quote(id) + " is new"};
    if (old == old_specs.end() || old->second != message) changed.insert(id);
  }
  for (const auto& [id, message] : old_specs) {
    if (new_specs.count(id)) continue;
    if (has_rollout)
      return Error{ErrorCode::kInvalidArgument,
                   "cannot remove specs from plan: a rollout was made of it, and spec " +
                       base::Quote(id) + " is gone"};
    changed.insert(id);
  }
  if (changed.empty()) return Error{ErrorCode::kInvalidArgument, "no specs updated"};
  return changed;
}

/// What an update may say without the rest of a plan.
struct Words {
  std::string title, description;
};
constexpr json::Field<Words> kWordsFields[] = {
    {"title", "title", json::Shape::kText, &ReadString<&Words::title>},
    {"description", "description", json::Shape::kText, &ReadString<&Words::description>},
};
constexpr json::Message<Words> kWordsMessage{"a plan", kWordsFields};

/// Steps of the body take the place of the stored ones, in the rollout too.
struct NewSteps {
  std::string text;
  std::optional<RevisedRollout> rollout;
};
base::Result<NewSteps> WithNewSteps(Context& context, const Call& call, const std::string& name,
                                    const PlanText& before, const PlanFacts& facts) {
  auto after = ReadPlan(context, "plan", call.body);
  if (!after.ok()) return after.error();
  if (auto errors = ErrorsOf(**after); !errors.ok()) return errors.error();
  const auto rollout = context.ledger.FindByPlan(name);
  if (!rollout.ok()) return rollout.error();
  const auto changed = ChangedSpecs(before, **after, rollout->has_value());
  if (!changed.ok()) return changed.error();
  NewSteps steps{Stored(*(*after)->plan(), *(*after)->plan_document(), facts), {}};
  if (*rollout) {
    auto revised = ReviseRollout(context, **rollout, steps.text, *changed);
    if (!revised.ok()) return revised.error();
    steps.rollout = std::move(*revised);
  }
  return steps;
}

}  // namespace

Answer CreatePlan(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  auto workspace = ReadPlan(context, "plan", call.body);
  if (!workspace.ok()) return workspace.error();
  if (auto errors = ErrorsOf(**workspace); !errors.ok()) return errors.error();
  PlanFacts facts;
  facts.creator = call.user;
  facts.title = (*workspace)->plan()->title.value;
  facts.description = (*workspace)->plan()->description.value;
  auto of_release = PlanOfRelease(context, call.path[0], *(*workspace)->plan());
  if (!of_release.ok()) return of_release.error();
  if (*of_release) {
    workspace = ReadPlan(context, "the plan of the release", std::move(**of_release));
    if (!workspace.ok()) return workspace.error();
    if (auto errors = ErrorsOf(**workspace); !errors.ok()) return errors.error();
  }
  const plan::Plan& plan = *(*workspace)->plan();
  const json::Document& document = *(*workspace)->plan_document();
  const auto object = context.objects.Create({.kind = Object::Kind::kPlan,
                                              .project = call.path[0],
                                              .parent = "",
                                              .created = context.now,
                                              .updated = context.now,
                                              .json = Stored(plan, document, facts)});
  if (!object.ok()) return object.error();
  facts.name = NameOf(*object);
  facts.created = facts.updated = context.now;
  base::JsonWriter writer;
  WritePlan(writer, plan, document, facts);
  return writer.Take();
}

Answer GetPlan(Context& context, const Call& call) {
  const auto object = Get(context, Object::Kind::kPlan, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  return PlanAnswer(context, *object);
}

Answer ListPlans(Context& context, const Call& call) {
  return PlanList(context, call,
                  {.filter = call.Get("filter"),
                   .query = "",
                   .size = call.Get("pageSize"),
                   .token = call.Get("pageToken")});
}

Answer SearchPlans(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kSearchMessage);
  if (!request.ok()) return request.error();
  return PlanList(context, call, *request);
}

Answer UpdatePlan(Context& context, const Call& call) {
  constexpr std::string_view kKnown[] = {"title", "description", "steps", "specs"};
  const auto mask = UpdateMask::Parse(call.Find("updateMask"), call.body, kKnown);
  if (!mask.ok()) return mask.error();
  auto object = Get(context, Object::Kind::kPlan, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  const auto before = PlanText::Read(object->json);
  if (!before.ok()) return before.error();
  const auto words = ReadMessage(call.body, kWordsMessage);
  if (!words.ok()) return words.error();
  PlanFacts facts;
  facts.creator = CreatorOf(*before);
  facts.title = mask->Has("title") ? words->title : before->plan().title.value;
  facts.description =
      mask->Has("description") ? words->description : before->plan().description.value;
  facts.source = &*before;
  NewSteps steps;
  if (mask->Has("steps") || mask->Has("specs")) {
    auto made = WithNewSteps(context, call, NameOf(*object), *before, facts);
    if (!made.ok()) return made.error();
    steps = std::move(*made);
    object->json = steps.text;
  } else {
    object->json = Stored(before->plan(), before->document(), facts);
  }
  object->updated = context.now;
  const auto updated = steps.rollout ? context.objects.UpdatePlan(*object, steps.rollout->revision)
                                     : context.objects.Update(*object);
  if (!updated.ok()) return updated.error();
  return PlanAnswer(context, *object);
}

}  // namespace lockstep::service
