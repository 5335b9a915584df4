#include "native/stored_rollout.h"

#include <charconv>
#include <map>

#include "core/base/text.h"
#include "core/sim/simulator.h"
#include "native/documents.h"

namespace lockstep::native {
namespace {

/// The sheets as they were, under the paths that messages showed.
class StoredSheets : public inventory::SheetLibrary {
 public:
  explicit StoredSheets(const std::map<std::string, diagnostics::Source>& sheets)
      : sheets_(sheets) {}
  std::vector<std::string> Names() const override {
    std::vector<std::string> names;
    for (const auto& [name, source] : sheets_) names.push_back(name);
    return names;
  }
  base::Result<diagnostics::Source> Load(std::string_view name) const override {
    const auto found = sheets_.find(std::string(name));
    if (found != sheets_.end()) return found->second;
    return base::Error{base::ErrorCode::kNotFound, "there is no sheet " + base::Quote(name)};
  }

 private:
  std::map<std::string, diagnostics::Source> sheets_;
};

std::unique_ptr<api::Workspace> ReadStored(std::vector<ledger::Document> documents,
                                           const api::Options& options) {
  api::Inputs inputs;
  std::map<std::string, diagnostics::Source> sheets;
  for (ledger::Document& document : documents) {
    diagnostics::Source source(document.path, std::move(document.bytes));
    switch (document.role) {
      case ledger::Document::Role::kPlan:
        inputs.plan = std::move(source);
        break;
      case ledger::Document::Role::kInventory:
        inputs.inventory = std::move(source);
        break;
      case ledger::Document::Role::kScenario:
        inputs.scenario = std::move(source);
        break;
      case ledger::Document::Role::kSheet:
        sheets.emplace(document.name, std::move(source));
        break;
    }
  }
  inputs.sheets = [&sheets](const inventory::Inventory*) {
    return std::make_unique<StoredSheets>(sheets);
  };
  return api::Workspace::Read(std::move(inputs), options);
}

}  // namespace

base::Result<std::unique_ptr<StoredRollout>> StoredRollout::Load(
    const ledger::Ledger& ledger, const ledger::RolloutRecord& record) {
  auto documents = ledger.Documents(record.id);
  if (!documents.ok()) return documents.error();
  std::unique_ptr<StoredRollout> stored(new StoredRollout());
  stored->record_ = record;
  const ReadOptions options = ReadOptions::FromStored(record.options);
  stored->workspace_ = ReadStored(std::move(*documents), options.ForWorkspace());
  const check::CheckedPlan* checked = stored->workspace_->checked();
  if (checked != nullptr) {
    // With the version of then: what has to be as it was is what the documents mean.
    auto rollout = std::make_shared<rollout::Rollout>(options.Expand(*checked, record.name));
    if (stored->workspace_->has_scenario())
      sim::ExpectDurations(*rollout, stored->workspace_->scenario());
    stored->rollout_ = std::move(rollout);
  }
  if (checked == nullptr || stored->rollout_->digest != record.digest) {
    const auto now = ledger.Find(record.name);
    if (!now.ok()) return now.error();
    if (now->digest != record.digest) return Load(ledger, *now);  // changed while it was read
    return base::Error{
        base::ErrorCode::kFailedPrecondition,
        "rollout " + base::Quote(record.name) +
            " was made by another version of Lockstep, which understood its documents differently;"
            " finish it with that version, or start a new one with `lockstep run`"};
  }
  if (const auto read = stored->ReadEvents(ledger); !read.ok()) return read.error();
  if (const auto folded = stored->Fold(); !folded.ok()) return folded.error();
  return stored;
}

base::Result<std::unique_ptr<StoredRollout>> StoredRollout::Refresh(
    const StoredRollout& before, const ledger::Ledger& ledger,
    const ledger::RolloutRecord& record) {
  if (record.digest != before.record_.digest) return Load(ledger, record);
  std::unique_ptr<StoredRollout> stored(new StoredRollout());
  stored->record_ = record;
  stored->workspace_ = before.workspace_;
  stored->rollout_ = before.rollout_;
  stored->events_ = before.events_;
  const auto read = stored->ReadEvents(ledger);
  if (!read.ok()) return read.error();
  if (*read == 0 && record.options == before.record_.options)
    return std::unique_ptr<StoredRollout>();
  if (const auto folded = stored->Fold(); !folded.ok()) return folded.error();
  return stored;
}

bool WasRevised(const ledger::Ledger& ledger, const ledger::RolloutRecord& record) {
  const auto now = ledger.Find(record.name);
  return now.ok() && now->digest != record.digest;
}

/// Those that are not there yet; how many.
base::Result<std::size_t> StoredRollout::ReadEvents(const ledger::Ledger& ledger) {
  const auto rows = ledger.Events(record_.id, events_.empty() ? 0 : events_.back().sequence);
  if (!rows.ok()) return rows.error();
  events_.reserve(events_.size() + rows->size());
  for (const ledger::EventRow& row : *rows) {
    auto event = rollout::FromJson(row.json, *rollout_);
    if (!event.ok()) return event.error();
    events_.push_back(std::move(*event));
  }
  return rows->size();
}

base::Status StoredRollout::Fold() {
  auto scheduler = rollout::Scheduler::Resume(*rollout_, events_);
  if (!scheduler.ok()) return scheduler.error();
  scheduler_.emplace(std::move(*scheduler));
  return {};
}

}  // namespace lockstep::native
