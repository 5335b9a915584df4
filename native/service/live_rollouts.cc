#include "native/service/live_rollouts.h"

namespace lockstep::service {
namespace {

/// What a page shows of many rollouts is small; what one keeps of a large one is not.
constexpr std::size_t kMostKept = 32;

std::shared_ptr<const LiveRollout> Look(std::shared_ptr<const native::StoredRollout> stored) {
  auto live = std::make_shared<LiveRollout>();
  live->runs = TaskRunsOf(stored->events());
  live->skip_reasons = SkipReasonsOf(stored->rollout(), stored->events());
  live->stored = std::move(stored);
  return live;
}

}  // namespace

base::Result<std::shared_ptr<const LiveRollout>> LiveRollouts::Find(const ledger::Ledger& ledger,
                                                                    std::string_view name) {
  const auto record = ledger.Find(name);
  if (!record.ok()) return record.error();
  std::shared_ptr<const LiveRollout> known;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(record->id); found != known_.end()) known = found->second;
  }
  auto stored = known == nullptr ? native::StoredRollout::Load(ledger, *record)
                                 : native::StoredRollout::Refresh(*known->stored, ledger, *record);
  if (!stored.ok()) return stored.error();
  if (*stored == nullptr) return known;
  auto live = Look(std::move(*stored));
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostKept && !known_.count(record->id)) known_.erase(known_.begin());
  known_[record->id] = live;
  return live;
}

}  // namespace lockstep::service
