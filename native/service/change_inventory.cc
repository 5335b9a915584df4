#include "native/service/change_inventory.h"

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "native/service/issue_of_plan.h"
#include "native/service/locked_file.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;

/// An editor that writes at the same moment is met once, not all the time.
constexpr int kMostTries = 5;

/// It had issues, and none is OPEN any more.
base::Result<bool> IsClosed(Context& context, const ledger::RolloutRecord& record) {
  const std::string plan = ledger::OptionOf(record.options, ledger::kPlanOption);
  if (plan.empty()) return false;
  auto objects = context.objects.List(ledger::Object::Kind::kIssue, "", plan);
  if (!objects.ok()) return objects.error();
  for (ledger::Object& object : *objects) {
    const auto issue = ReadIssue(std::move(object));
    if (!issue.ok()) return issue.error();
    if (issue->issue.status == "OPEN") return false;
  }
  return !objects->empty();
}

}  // namespace

base::Result<std::unique_ptr<InventoryNow>> ChangeInventory(const Settings& settings,
                                                            const Change& change,
                                                            bool validate_only) {
  const std::string& file = settings.inventory;
  if (file.empty()) {
    return Error{ErrorCode::kFailedPrecondition,
                 "there is no inventory to be changed; start serve with --inventory FILE (a file "
                 "that says {} will do)"};
  }
  auto locked = LockedFile::Open(file);
  if (!locked.ok()) {
    const bool missing = locked.error().code == ErrorCode::kNotFound;
    return Error{missing ? ErrorCode::kFailedPrecondition : locked.error().code,
                 locked.error().message};
  }
  for (int tries = 1;; ++tries) {
    auto before = InventoryNow::Read(settings);
    if (!before.ok()) return before.error();
    const auto text = change(**before);
    if (!text.ok()) return text.error();
    const std::string old_text = (*before)->text();
    if (*text == old_text) return before;
    auto after = InventoryNow::Of(file, *text);
    if (!after.ok() || validate_only) return after;
    const auto written = locked->Replace(old_text, *text);
    if (written.ok()) return after;
    if (written.error().code != ErrorCode::kUnavailable || tries == kMostTries)
      return written.error();
  }
}

base::Status CheckUnused(Context& context, const std::string& name,
                         const std::function<bool(const rollout::Rollout& rollout)>& uses) {
  const auto records = context.ledger.List();
  if (!records.ok()) return records.error();
  for (const ledger::RolloutRecord& record : *records) {
    if (record.status == rollout::ToString(rollout::RolloutStatus::kDone)) continue;
    const auto closed = IsClosed(context, record);
    if (!closed.ok()) return closed.error();
    if (*closed) continue;
    const auto live = context.rollouts.Find(context.ledger, record.name);
    // One that another version of Lockstep made goes on with the documents that it has.
    if (!live.ok() && live.error().code == ErrorCode::kFailedPrecondition) continue;
    if (!live.ok()) return live.error();
    if (!uses((*live)->stored->rollout())) continue;
    return Error{ErrorCode::kFailedPrecondition,
                 base::Quote(name) + " is used by " + record.name +
                     ", which has not ended; finish it, skip its tasks or close its issue"};
  }
  return {};
}

base::Status CheckNewId(std::string_view noun, std::string_view id) {
  if (names::IsValidUserId(id)) return {};
  return Error{ErrorCode::kInvalidArgument,
               "invalid " + std::string(noun) + " ID " + base::Quote(id) +
                   ": 1 to 63 lower-case letters, digits and hyphens, a letter first"};
}

Error AlreadyExists(std::string_view name) {
  return {ErrorCode::kAlreadyExists, base::Quote(name) + " already exists"};
}

}  // namespace lockstep::service
