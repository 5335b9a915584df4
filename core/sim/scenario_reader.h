// What the parts of DecodeScenario share: the names that a scenario may speak of, selectors,
// lengths of time.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"
#include "core/json/proto_json.h"
#include "core/sim/scenario.h"

namespace lockstep::sim {

/// Names that selectors may use; any when there is no rollout to compare with.
class KnownNames {
 public:
  explicit KnownNames(const rollout::Rollout* rollout);
  void CheckSpec(json::Reader& reader, std::string_view spec, json::Span span) const;
  void CheckTarget(json::Reader& reader, std::string_view target, json::Span span) const;
  void CheckInstance(json::Reader& reader, std::string_view instance, json::Span span) const;

 private:
  void Check(json::Reader& reader, const std::vector<std::string_view>& known,
             std::string_view what, std::string_view name, json::Span span) const;

  bool has_rollout_;
  std::vector<std::string_view> specs_, targets_, instances_;
};

struct ScenarioFrame {
  Scenario& scenario;
  const KnownNames& known;
};

std::optional<base::Duration> ReadDuration(json::Reader& reader, json::Value value);

template <class Frame>
void ReadSelectorSpec(json::Reader& reader, Frame& frame, const json::Member& member) {
  frame.selector.spec = member.value.AsString();
  frame.known.CheckSpec(reader, frame.selector.spec, member.value.span());
}

template <class Frame>
void ReadSelectorTarget(json::Reader& reader, Frame& frame, const json::Member& member) {
  frame.selector.target = member.value.AsString();
  frame.known.CheckTarget(reader, frame.selector.target, member.value.span());
}

/// A finding when it selects nothing.
void CheckSelects(json::Reader& reader, const Scenario::Selector& selector, json::Span span);

// The members of a scenario that have files of their own.
void ReadDurations(json::Reader& reader, ScenarioFrame& frame, const json::Member& member);
void ReadFailures(json::Reader& reader, ScenarioFrame& frame, const json::Member& member);
void ReadDelays(json::Reader& reader, ScenarioFrame& frame, const json::Member& member);
void ReadLocks(json::Reader& reader, ScenarioFrame& frame, const json::Member& member);
void ReadOutages(json::Reader& reader, ScenarioFrame& frame, const json::Member& member);
void AppendDurationTables(std::vector<json::MessageFields>& tables);
void AppendDisturbanceTables(std::vector<json::MessageFields>& tables);

}  // namespace lockstep::sim
