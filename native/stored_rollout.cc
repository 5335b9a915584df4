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
    stored->rollout_ = rollout::Expand(*checked, {.name = record.name,
                                                  .pace = options.pace,
                                                  .on_request = options.on_request,
                                                  .version = options.version});
    if (stored->workspace_->has_scenario())
      sim::ExpectDurations(stored->rollout_, stored->workspace_->scenario());
  }
  if (checked == nullptr || stored->rollout_.digest != record.digest) {
    return base::Error{
        base::ErrorCode::kFailedPrecondition,
        "rollout " + base::Quote(record.name) +
            " was made by another version of Lockstep, which understood its documents differently;"
            " finish it with that version, or start a new one with `lockstep run`"};
  }
  const auto rows = ledger.Events(record.id);
  if (!rows.ok()) return rows.error();
  stored->events_.reserve(rows->size());
  for (const ledger::EventRow& row : *rows) {
    auto event = rollout::FromJson(row.json, stored->rollout_);
    if (!event.ok()) return event.error();
    stored->events_.push_back(std::move(*event));
  }
  auto scheduler = rollout::Scheduler::Resume(stored->rollout_, stored->events_);
  if (!scheduler.ok()) return scheduler.error();
  stored->scheduler_.emplace(std::move(*scheduler));
  return stored;
}

}  // namespace lockstep::native
