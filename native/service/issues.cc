// IssueService, without comments and reviews.
#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "core/service/filter.h"
#include "core/service/paging.h"
#include "core/service/update_mask.h"
#include "native/service/driven_issue.h"
#include "native/service/methods.h"
#include "native/service/rollout_answer.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using ledger::Object;

Answer IssueAnswer(Context& context, Object object) {
  const auto driven = LookAtIssue(context, std::move(object));
  if (!driven.ok()) return driven.error();
  return IssueMessage(*driven);
}

/// What a client may say, its plan by its own name; kInvalidArgument for what the server refuses
/// (plan-semantics §3.8).
base::Status CheckNew(Context& context, Issue& issue) {
  if (issue.title.empty()) return Error{ErrorCode::kInvalidArgument, "issue title is required"};
  if (issue.type == "ISSUE_TYPE_UNSPECIFIED")
    return Error{ErrorCode::kInvalidArgument, "issue type is required"};
  if (issue.type == "GRANT_REQUEST")
    return Error{ErrorCode::kUnimplemented, "there are no grants to request"};
  if (issue.plan.empty()) return Error{ErrorCode::kInvalidArgument, "plan is required"};
  const auto plan = FindPlan(context, issue.plan);
  if (!plan.ok()) return plan.error();
  issue.plan = NameOf(*plan);  // as it is known by: "-" and 0101 are understood, too
  if (issue.rollout.empty()) return {};
  const auto rollout = context.ledger.Find(issue.rollout);
  if (!rollout.ok()) return rollout.error();
  const auto of_plan = rollout->options.find(ledger::kPlanOption);
  if (of_plan != rollout->options.end() && of_plan->second == issue.plan) return {};
  return Error{ErrorCode::kInvalidArgument,
               base::Quote(issue.rollout) + " is not the rollout of " + base::Quote(issue.plan)};
}

}  // namespace

Answer CreateIssue(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  auto issue = Issue::Read(call.body);
  if (!issue.ok()) return issue.error();
  if (auto fits = CheckNew(context, *issue); !fits.ok()) return fits.error();
  issue->status = "OPEN";
  issue->creator = call.user;
  issue->reviews.clear();
  auto object = context.objects.Create({.kind = Object::Kind::kIssue,
                                        .project = call.path[0],
                                        .parent = issue->plan,
                                        .created = context.now,
                                        .updated = context.now,
                                        .json = issue->Stored()});
  if (!object.ok()) return object.error();
  return IssueAnswer(context, std::move(*object));
}

Answer GetIssue(Context& context, const Call& call) {
  auto object = FindIssue(context, call);
  if (!object.ok()) return object.error();
  return IssueAnswer(context, std::move(*object));
}

namespace {

constexpr std::string_view kIssueFilterFields[] = {"status",  "plan", "rollout",
                                                   "creator", "type", "create_time"};

std::vector<std::string> FieldOf(const DrivenIssue& driven, std::string_view field) {
  const Issue& issue = driven.issue;
  if (field == "status") return {issue.status};
  if (field == "plan") return {issue.plan};
  if (field == "rollout") return {issue.rollout};
  if (field == "creator") return {issue.creator};
  if (field == "type") return {issue.type};
  return {base::FormatInstant(driven.facts.created)};
}

Answer IssueList(Context& context, const Call& call, const SearchRequest& request) {
  const auto page = Page::Parse(request.size, request.token);
  if (!page.ok()) return page.error();
  const auto filter = Filter::Parse(request.filter, kIssueFilterFields);
  if (!filter.ok()) return filter.error();
  const auto numbers = Numbers(context, Object::Kind::kIssue, call.path[0]);
  if (!numbers.ok()) return numbers.error();
  const bool all_fit = request.filter.empty() && request.query.empty();
  std::vector<DrivenIssue> fitting;
  std::size_t count = 0;
  for (const std::int64_t number : *numbers) {
    const bool on_page = count >= page->offset && count < page->offset + page->size;
    if (all_fit && !on_page) {  // it need not be looked at
      ++count;
      continue;
    }
    auto object = Get(context, Object::Kind::kIssue, number);
    if (!object.ok()) return object.error();
    auto driven = FindDriven(context, std::move(*object));
    if (!driven.ok()) return driven.error();
    const bool fits = filter->Matches([&](std::string_view field) {
      return FieldOf(*driven, field);
    }) && base::ToLowerAscii(driven->issue.title).find(base::ToLowerAscii(request.query)) !=
                          std::string::npos;
    if (!fits) continue;
    ++count;
    if (!on_page) continue;
    if (auto looked = LookAtPlan(context, *driven); !looked.ok()) return looked.error();
    fitting.push_back(std::move(*driven));
  }
  base::JsonWriter writer;
  writer.BeginObject().Key("issues").BeginArray();
  for (const DrivenIssue& driven : fitting) writer.Raw(IssueMessage(driven));
  writer.EndArray().Member("nextPageToken", page->NextToken(count));
  return writer.EndObject().Take();
}

}  // namespace

Answer ListIssues(Context& context, const Call& call) {
  return IssueList(context, call,
                   {.filter = call.Get("filter"),
                    .query = call.Get("query"),
                    .size = call.Get("pageSize"),
                    .token = call.Get("pageToken")});
}

Answer SearchIssues(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kSearchMessage);
  if (!request.ok()) return request.error();
  return IssueList(context, call, *request);
}

Answer UpdateIssue(Context& context, const Call& call) {
  constexpr std::string_view kKnown[] = {"title", "description", "labels", "subscribers"};
  const auto mask = UpdateMask::Parse(call.Find("updateMask"), call.body, kKnown);
  if (!mask.ok()) return mask.error();
  auto object = FindIssue(context, call);
  if (!object.ok()) return object.error();
  auto stored = ReadIssue(std::move(*object));
  if (!stored.ok()) return stored.error();
  auto change = Issue::Read(call.body);
  if (!change.ok()) return change.error();
  if (mask->Has("title")) {
    if (change->title.empty()) return Error{ErrorCode::kInvalidArgument, "issue title is required"};
    stored->issue.title = change->title;
  }
  if (mask->Has("description")) stored->issue.description = change->description;
  if (mask->Has("labels")) stored->issue.labels = change->labels;
  if (mask->Has("subscribers")) stored->issue.subscribers = change->subscribers;
  if (auto updated = StoreIssue(context, *stored); !updated.ok()) return updated.error();
  return GetIssue(context, call);
}

namespace {

struct StatusRequest {
  std::vector<std::string> issues;
  std::string status, reason;
};
constexpr json::EnumName kStatuses[] = {{"OPEN", 1}, {"DONE", 2}, {"CANCELED", 3}};
void ReadStatus(json::Reader& reader, StatusRequest& request, const json::Member& member) {
  const auto number = reader.Enum(member.value, kStatuses);
  for (const json::EnumName& known : kStatuses) {
    if (number && known.number == *number) request.status = known.name;
  }
}
constexpr json::Field<StatusRequest> kStatusFields[] = {
    {"issues", "issues", json::Shape::kList, &ReadStrings<&StatusRequest::issues>},
    {"status", "status", json::Shape::kEnum, &ReadStatus},
    {"reason", "reason", json::Shape::kText, &ReadString<&StatusRequest::reason>},
};
constexpr json::Message<StatusRequest> kStatusMessage{"the request", kStatusFields};

/// The issue of that full name, in that project ("-": of any).
base::Result<Object> FindNamed(Context& context, const std::string& project,
                               const std::string& name) {
  constexpr std::string_view kBegin = "projects/", kMiddle = "/issues/";
  const std::size_t middle = name.find(kMiddle);
  const bool is_issue = name.starts_with(kBegin) && middle != std::string::npos;
  const std::string of = is_issue ? name.substr(kBegin.size(), middle - kBegin.size()) : "";
  if (!is_issue || (project != "-" && of != project)) {
    return Error{ErrorCode::kInvalidArgument,
                 base::Quote(name) + " is not of the form projects/" + project + "/issues/{n}"};
  }
  return Get(context, Object::Kind::kIssue, of, name.substr(middle + kMiddle.size()));
}

base::Status CheckAtRest(const DrivenIssue& driven) {
  for (const char* status : {"PENDING", "RUNNING"}) {
    const auto count = driven.facts.task_counts.find(status);
    if (count == driven.facts.task_counts.end()) continue;
    return Error{ErrorCode::kFailedPrecondition,
                 "cannot update " + driven.facts.name + ": " +
                     base::Plural(static_cast<std::size_t>(count->second), "task") +
                     (count->second == 1 ? " is " : " are ") + status + "; cancel first"};
  }
  return {};
}

}  // namespace

/// Nothing is changed when one is refused.
Answer BatchUpdateIssuesStatus(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kStatusMessage);
  if (!request.ok()) return request.error();
  if (request->status.empty())
    return Error{ErrorCode::kInvalidArgument, "status must be OPEN, DONE or CANCELED"};
  std::vector<StoredIssue> issues;
  std::set<std::int64_t> numbers;
  for (const std::string& name : request->issues) {
    auto object = FindNamed(context, call.path[0], name);
    if (!object.ok()) return object.error();
    if (!numbers.insert(object->number).second) continue;  // named twice
    const auto driven = LookAtIssue(context, *object);
    if (!driven.ok()) return driven.error();
    if (auto rests = CheckAtRest(*driven); !rests.ok()) return rests.error();
    auto issue = ReadIssue(std::move(*object));
    if (!issue.ok()) return issue.error();
    issues.push_back(std::move(*issue));
  }
  std::vector<Object> updated;
  for (StoredIssue& issue : issues) {
    issue.issue.status = request->status;
    issue.object.json = issue.issue.Stored();
    issue.object.updated = context.now;
    updated.push_back(std::move(issue.object));
  }
  if (auto stored = context.objects.UpdateAll(updated); !stored.ok()) return stored.error();
  return std::string("{}");
}

}  // namespace lockstep::service
