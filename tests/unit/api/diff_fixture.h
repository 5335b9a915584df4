// Two plans with their inventories and sheets, compared: for tests of PlanDiff.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/api/plan_diff_answers.h"
#include "core/diagnostics/render.h"

namespace lockstep::api {

using Sheets = std::map<std::string, std::string>;  // by number

struct Documents {
  std::string plan, inventory;
  Sheets sheets;
  std::string scenario = "";
};

/// REQUIRES documents without errors.
class Simulated {
 public:
  explicit Simulated(const Documents& documents, const std::string& name = "plan.json")
      : workspace_(Read(documents, name)) {
    if (workspace_->checked() == nullptr) {
      ADD_FAILURE() << diagnostics::RenderText(workspace_->sources(), workspace_->diagnostics(),
                                               false)
                    << documents.plan;
      return;
    }
    rollout_ = rollout::Expand(*workspace_->checked(), {});
    timeline_ = sim::Simulate(rollout_, workspace_->scenario(), {});
  }
  bool ok() const { return workspace_->checked() != nullptr; }
  PlanSide side() const { return {*workspace_, rollout_, timeline_}; }
  const Workspace& workspace() const { return *workspace_; }

 private:
  static std::unique_ptr<Workspace> Read(const Documents& documents, const std::string& name) {
    Inputs inputs;
    inputs.plan = diagnostics::Source(name, documents.plan);
    if (!documents.inventory.empty())
      inputs.inventory = diagnostics::Source("inventory.json", documents.inventory);
    if (!documents.scenario.empty())
      inputs.scenario = diagnostics::Source("scenario.json", documents.scenario);
    if (!documents.sheets.empty()) {
      inputs.sheets = [sheets = documents.sheets](const inventory::Inventory*) {
        auto library = std::make_unique<inventory::InlineSheets>();
        for (const auto& [number, text] : sheets) library->Add("projects/p/sheets/" + number, text);
        return library;
      };
    }
    Options options;
    options.severities[diagnostics::Rule::kScenarioSelector] = diagnostics::Severity::kWarning;
    return Workspace::Read(std::move(inputs), options);
  }

  std::unique_ptr<Workspace> workspace_;
  rollout::Rollout rollout_;
  sim::Timeline timeline_;
};

using Lines = std::vector<std::string>;

inline Lines MessagesOf(const PlanDiff& diff) {
  Lines messages;
  for (const Change& change : diff.changes) messages.push_back(MessageOf(change));
  return messages;
}

/// A change without its places; the other way round with `mirrored`.
inline std::string Describe(const Change& change, bool mirrored = false) {
  const auto& a = mirrored ? change.b : change.a;
  const auto& b = mirrored ? change.a : change.b;
  const auto side = [](const std::optional<Side>& of) {
    return of ? "[" + of->of + " = " + of->value + "]" : std::string("-");
  };
  std::string text =
      std::string(ToString(change.what)) + " " + change.field + " " + side(a) + " " + side(b);
  if (change.statements) {
    const StatementCounts& counts = *change.statements;
    text += " +" + std::to_string(mirrored ? counts.removed : counts.added) + " -" +
            std::to_string(mirrored ? counts.added : counts.removed) + " ~" +
            std::to_string(counts.changed);
  }
  return text + " " + std::to_string(change.uses);
}

inline Lines Described(const PlanDiff& diff, bool mirrored = false) {
  Lines lines;
  for (const Change& change : diff.changes) lines.push_back(Describe(change, mirrored));
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace lockstep::api
