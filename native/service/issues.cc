// IssueService, without comments.
#include <algorithm>

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "core/service/filter.h"
#include "core/service/paging.h"
#include "native/service/approval.h"
#include "native/service/automatic.h"
#include "native/service/methods.h"
#include "native/service/rollout_answer.h"
#include "native/service/update_mask.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using ledger::Object;

/// An issue with the rollout of its plan, which may be there or not.
struct Driven {
  StoredIssue issue;
  std::optional<ledger::RolloutRecord> rollout;
  IssueFacts facts;
};

/// Task counts, and what would have to be approved: of the rollout, or of the plan as it is now.
base::Status LookAtPlan(Context& context, Driven& driven) {
  const std::string& plan = driven.issue.issue.plan;
  std::unique_ptr<api::Workspace> workspace;
  std::shared_ptr<const LiveRollout> live;
  const check::CheckedPlan* checked = nullptr;
  if (driven.rollout) {
    auto found = context.rollouts.Find(context.ledger, driven.rollout->name);
    if (!found.ok()) return found.error();
    live = std::move(*found);
    checked = live->stored->workspace().checked();
    const rollout::State& state = live->stored->scheduler().state();
    for (const rollout::TaskIndex task : live->stored->rollout().tasks.indices())
      ++driven.facts.task_counts[std::string(StatusName(state.status(task)))];
  } else {
    const auto object = FindPlan(context, plan);
    if (!object.ok()) return object.error();
    auto read = ReadPlan(context, "plan", object->json);
    if (!read.ok()) return read.error();
    workspace = std::move(*read);
    checked = workspace->checked();
  }
  if (checked == nullptr) return {};  // the inventory has changed since; there is nothing to approve
  const auto approval = Approval::Of(context, plan, *checked);
  if (!approval.ok()) return approval.error();
  driven.facts.digest = approval->digest();
  const rollout::Rollout rollout = rollout::Expand(*checked, {});
  for (const rollout::StageIndex stage : rollout.stages.indices())
    driven.facts.needs_approval |= approval->NeedsApproval(rollout.stages[stage]);
  return {};
}

base::Result<Driven> Look(Context& context, Object object) {
  auto issue = ReadIssue(std::move(object));
  if (!issue.ok()) return issue.error();
  Driven driven{std::move(*issue), {}, {}};
  driven.facts.name = NameOf(driven.issue.object);
  driven.facts.created = driven.issue.object.created;
  driven.facts.updated = driven.issue.object.updated;
  Issue& stored = driven.issue.issue;
  if (stored.plan.empty()) return driven;
  auto rollout = context.ledger.FindByPlan(stored.plan);
  if (!rollout.ok()) return rollout.error();
  driven.rollout = std::move(*rollout);
  if (driven.rollout) {
    stored.rollout = driven.rollout->name;
    // What it drives has come to its end.
    if (stored.status == "OPEN" && driven.rollout->status == "DONE") stored.status = "DONE";
  }
  if (auto looked = LookAtPlan(context, driven); !looked.ok()) return looked.error();
  return driven;
}

Answer AnswerOf(Context& context, Object object) {
  const auto driven = Look(context, std::move(object));
  if (!driven.ok()) return driven.error();
  base::JsonWriter writer;
  WriteIssue(writer, driven->issue.issue, driven->facts);
  return writer.Take();
}

/// What a client may say; kInvalidArgument for what the server refuses (plan-semantics §3.8).
base::Status CheckNew(Context& context, const Issue& issue) {
  if (issue.title.empty()) return Error{ErrorCode::kInvalidArgument, "issue title is required"};
  if (issue.type == "ISSUE_TYPE_UNSPECIFIED")
    return Error{ErrorCode::kInvalidArgument, "issue type is required"};
  if (issue.type == "GRANT_REQUEST")
    return Error{ErrorCode::kUnimplemented, "there are no grants to request"};
  if (issue.plan.empty()) return Error{ErrorCode::kInvalidArgument, "plan is required"};
  const auto plan = FindPlan(context, issue.plan);
  if (!plan.ok()) return plan.error();
  if (issue.rollout.empty()) return {};
  const auto rollout = context.ledger.Find(issue.rollout);
  if (!rollout.ok()) return rollout.error();
  const auto of_plan = rollout->options.find(ledger::kPlanOption);
  if (of_plan != rollout->options.end() && of_plan->second == issue.plan) return {};
  return Error{ErrorCode::kInvalidArgument, base::Quote(issue.rollout) +
                                                " is not the rollout of " +
                                                base::Quote(issue.plan)};
}

base::Result<Object> FindIssue(Context& context, const Call& call) {
  return Get(context, Object::Kind::kIssue, call.path[0], call.path[1]);
}

base::Status Store(Context& context, StoredIssue& issue) {
  issue.object.json = issue.issue.Stored();
  issue.object.updated = context.now;
  return context.objects.Update(issue.object);
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
  return AnswerOf(context, std::move(*object));
}

Answer GetIssue(Context& context, const Call& call) {
  auto object = FindIssue(context, call);
  if (!object.ok()) return object.error();
  return AnswerOf(context, std::move(*object));
}

namespace {

constexpr std::string_view kFilterFields[] = {"status", "plan", "rollout", "creator", "type",
                                              "create_time"};

std::string FieldOf(const Driven& driven, std::string_view field) {
  const Issue& issue = driven.issue.issue;
  if (field == "status") return issue.status;
  if (field == "plan") return issue.plan;
  if (field == "rollout") return issue.rollout;
  if (field == "creator") return issue.creator;
  if (field == "type") return issue.type;
  return base::FormatInstant(driven.facts.created);
}

struct ListRequest {
  std::string filter, query, page_size, page_token;
};

void ReadPageSize(json::Reader& reader, ListRequest& request, const json::Member& member) {
  if (const auto size = reader.Integer(member.value, 0, INT32_MAX))
    request.page_size = std::to_string(*size);
}
constexpr json::Field<ListRequest> kSearchFields[] = {
    {"filter", "filter", json::Shape::kText, &ReadString<&ListRequest::filter>},
    {"query", "query", json::Shape::kText, &ReadString<&ListRequest::query>},
    {"pageSize", "page_size", json::Shape::kInteger, &ReadPageSize},
    {"pageToken", "page_token", json::Shape::kText, &ReadString<&ListRequest::page_token>},
};
constexpr json::Message<ListRequest> kSearchMessage{"the request", kSearchFields};

Answer ListOf(Context& context, const Call& call, const ListRequest& request) {
  const auto page = Page::Parse(request.page_size, request.page_token);
  if (!page.ok()) return page.error();
  const auto filter = Filter::Parse(request.filter, kFilterFields);
  if (!filter.ok()) return filter.error();
  auto objects = context.objects.List(Object::Kind::kIssue, ProjectFilter(call.path[0]));
  if (!objects.ok()) return objects.error();
  const bool all_fit = request.filter.empty() && request.query.empty();
  std::vector<Driven> fitting;
  std::size_t count = 0;
  for (Object& object : *objects) {
    const bool on_page = count >= page->offset && count < page->offset + page->size;
    if (all_fit && !on_page) {  // it need not be looked at
      ++count;
      continue;
    }
    auto driven = Look(context, std::move(object));
    if (!driven.ok()) return driven.error();
    const bool fits =
        filter->Matches([&](std::string_view field) { return FieldOf(*driven, field); }) &&
        base::ToLowerAscii(driven->issue.issue.title).find(base::ToLowerAscii(request.query)) !=
            std::string::npos;
    if (!fits) continue;
    ++count;
    if (on_page) fitting.push_back(std::move(*driven));
  }
  base::JsonWriter writer;
  writer.BeginObject().Key("issues").BeginArray();
  for (const Driven& driven : fitting) WriteIssue(writer, driven.issue.issue, driven.facts);
  writer.EndArray().Member("nextPageToken", page->NextToken(count));
  return writer.EndObject().Take();
}

}  // namespace

Answer ListIssues(Context& context, const Call& call) {
  return ListOf(context, call,
                {.filter = call.Get("filter"),
                 .query = call.Get("query"),
                 .page_size = call.Get("pageSize"),
                 .page_token = call.Get("pageToken")});
}

Answer SearchIssues(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kSearchMessage);
  if (!request.ok()) return request.error();
  return ListOf(context, call, *request);
}

Answer UpdateIssue(Context& context, const Call& call) {
  constexpr std::string_view kKnown[] = {"title", "description", "labels", "subscribers"};
  const auto mask = UpdateMask::Parse(call, kKnown);
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
  if (auto updated = Store(context, *stored); !updated.ok()) return updated.error();
  return GetIssue(context, call);
}

namespace {

/// Says something of what the issue would do now.
Answer AddReview(Context& context, const Call& call, bool approved) {
  auto object = FindIssue(context, call);
  if (!object.ok()) return object.error();
  auto driven = Look(context, std::move(*object));
  if (!driven.ok()) return driven.error();
  Issue& issue = driven->issue.issue;
  if (issue.status != "OPEN")
    return Error{ErrorCode::kFailedPrecondition, "the issue is " + issue.status};
  const auto status = issue.ApprovalOf(driven->facts.digest, driven->facts.needs_approval);
  if (status == ApprovalStatus::kSkipped || (approved && status == ApprovalStatus::kApproved))
    return Error{ErrorCode::kInvalidArgument,
                 status == ApprovalStatus::kSkipped
                     ? "the issue has been approved: no environment of it requires approval"
                     : "the issue has been approved"};
  issue.reviews.push_back({call.user, approved, driven->facts.digest, context.now});
  if (auto updated = Store(context, driven->issue); !updated.ok()) return updated.error();
  if (approved && driven->rollout) {
    if (auto asked = AskForAutomaticTasks(context, driven->rollout->name); !asked.ok())
      return asked.error();
  }
  return GetIssue(context, call);
}

}  // namespace

Answer ApproveIssue(Context& context, const Call& call) {
  return AddReview(context, call, true);
}

Answer RejectIssue(Context& context, const Call& call) {
  return AddReview(context, call, false);
}

/// After a rejection: everybody is asked again.
Answer RequestIssue(Context& context, const Call& call) {
  auto object = FindIssue(context, call);
  if (!object.ok()) return object.error();
  auto driven = Look(context, std::move(*object));
  if (!driven.ok()) return driven.error();
  Issue& issue = driven->issue.issue;
  if (issue.ApprovalOf(driven->facts.digest, true) != ApprovalStatus::kRejected)
    return Error{ErrorCode::kInvalidArgument, "the issue is not rejected"};
  std::erase_if(issue.reviews,
                [&](const Review& review) { return review.digest == driven->facts.digest; });
  if (auto updated = Store(context, driven->issue); !updated.ok()) return updated.error();
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

/// "101" of "projects/p/issues/101"; "" of what is no issue's name.
std::string_view NumberOf(std::string_view name) {
  const std::size_t at = name.find("/issues/");
  return at == std::string_view::npos ? "" : name.substr(at + 8);
}

base::Status CheckAtRest(const Driven& driven) {
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

/// All or none.
Answer BatchUpdateIssuesStatus(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kStatusMessage);
  if (!request.ok()) return request.error();
  if (request->status.empty())
    return Error{ErrorCode::kInvalidArgument, "status must be OPEN, DONE or CANCELED"};
  std::vector<StoredIssue> issues;
  for (const std::string& name : request->issues) {
    auto object = Get(context, Object::Kind::kIssue, call.path[0], NumberOf(name));
    if (!object.ok()) return object.error();
    const auto driven = Look(context, *object);
    if (!driven.ok()) return driven.error();
    if (auto rests = CheckAtRest(*driven); !rests.ok()) return rests.error();
    auto issue = ReadIssue(std::move(*object));
    if (!issue.ok()) return issue.error();
    issues.push_back(std::move(*issue));
  }
  for (StoredIssue& issue : issues) {
    issue.issue.status = request->status;
    if (auto updated = Store(context, issue); !updated.ok()) return updated.error();
  }
  return std::string("{}");
}

}  // namespace lockstep::service
