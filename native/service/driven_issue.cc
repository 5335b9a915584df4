#include "native/service/driven_issue.h"

#include "native/service/approval.h"
#include "native/service/rollout_answer.h"

namespace lockstep::service {

using ledger::Object;

/// Task counts, and what would have to be approved: of the rollout, or of the plan as it is now.
base::Status LookAtPlan(Context& context, DrivenIssue& driven) {
  const std::string& plan = driven.issue.plan;
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
  if (checked == nullptr)
    return {};  // the inventory has changed since; there is nothing to approve
  const auto approval = Approval::Of(context, plan, *checked);
  if (!approval.ok()) return approval.error();
  driven.facts.digest = approval->digest();
  driven.facts.needs_approval = approval->is_needed();
  return {};
}

base::Result<DrivenIssue> FindDriven(Context& context, Object object) {
  auto stored = ReadIssue(std::move(object));
  if (!stored.ok()) return stored.error();
  DrivenIssue driven{std::move(*stored), {}, {}, {}};
  driven.issue = driven.stored.issue;
  driven.facts.name = NameOf(driven.stored.object);
  driven.facts.created = driven.stored.object.created;
  driven.facts.updated = driven.stored.object.updated;
  auto rollout = context.ledger.FindByPlan(driven.issue.plan);
  if (!rollout.ok()) return rollout.error();
  driven.rollout = std::move(*rollout);
  if (driven.rollout) {
    driven.issue.rollout = driven.rollout->name;
    if (driven.issue.status == "OPEN" && driven.rollout->status == "DONE")
      driven.issue.status = "DONE";
  }
  return driven;
}

base::Result<DrivenIssue> LookAtIssue(Context& context, Object object) {
  auto driven = FindDriven(context, std::move(object));
  if (!driven.ok()) return driven.error();
  if (auto looked = LookAtPlan(context, *driven); !looked.ok()) return looked.error();
  return driven;
}

base::Result<Object> FindIssue(Context& context, const Call& call) {
  return Get(context, Object::Kind::kIssue, call.path[0], call.path[1]);
}

base::Status StoreIssue(Context& context, StoredIssue& issue) {
  issue.object.json = issue.issue.Stored();
  issue.object.updated = context.now;
  return context.objects.Update(issue.object);
}

std::string IssueMessage(const DrivenIssue& driven) {
  base::JsonWriter writer;
  WriteIssue(writer, driven.issue, driven.facts);
  return writer.Take();
}

}  // namespace lockstep::service
