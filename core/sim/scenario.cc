#include "core/sim/scenario.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/json/proto_json.h"
#include "core/sim/scenario_fields.h"

namespace lockstep::sim {
namespace {

using base::Quote;
using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Span;
using json::Value;

constexpr std::int64_t kMostAttempts = 1'000'000;

/// Names that selectors may use; empty lists when there is no rollout to compare with.
class KnownNames {
 public:
  explicit KnownNames(const rollout::Rollout* rollout) : has_rollout_(rollout != nullptr) {
    if (rollout == nullptr) return;
    specs_.assign(rollout->spec_ids.begin(), rollout->spec_ids.end());
    for (const rollout::Database& database : rollout->databases) targets_.push_back(database.name);
    for (const rollout::Instance& instance : rollout->instances) targets_.push_back(instance.name);
    std::sort(specs_.begin(), specs_.end());
    std::sort(targets_.begin(), targets_.end());
  }
  void CheckSpec(Reader& reader, std::string_view spec, Span span) const {
    Check(reader, specs_, "no spec of the plan has the id ", spec, span);
  }
  void CheckTarget(Reader& reader, std::string_view target, Span span) const {
    Check(reader, targets_, "no task of the rollout has the target ", target, span);
  }

 private:
  void Check(Reader& reader, const std::vector<std::string_view>& known, std::string_view what,
             std::string_view name, Span span) const {
    if (!has_rollout_ || std::binary_search(known.begin(), known.end(), name)) return;
    std::string message = std::string(what) + Quote(name);
    const std::string_view nearest = base::Nearest(name, known);
    if (!nearest.empty()) message += "; did you mean " + Quote(nearest) + "?";
    reader.Report(Rule::kScenarioSelector, span, std::move(message));
  }

  bool has_rollout_;
  std::vector<std::string_view> specs_, targets_;
};

struct ScenarioFrame {
  Scenario& scenario;
  const KnownNames& known;
};

std::optional<base::Duration> ReadDuration(Reader& reader, Value value) {
  std::optional<base::Duration> duration;
  if (value.kind() == json::Kind::kString) duration = base::ParseDuration(value.AsString());
  if (value.kind() == json::Kind::kNumber) duration = base::ParseDuration(value.NumberText());
  if (!duration) {
    reader.Report(
        Rule::kInvalidDuration, value.span(),
        "this is not a length of time; write it like \"90s\", \"500ms\", \"5m\" or \"2h\"");
  }
  return duration;
}

// ---- durations ----

void ReadDefaultDuration(Reader& reader, ScenarioFrame& frame, const Member& member) {
  if (const auto duration = ReadDuration(reader, member.value)) {
    frame.scenario.default_duration = *duration;
  }
}

/// {"instances/i/databases/d": "5s"} for one spec, or for all when `spec` is empty.
void ReadTargetDurations(Reader& reader, ScenarioFrame& frame, Value object,
                         std::string_view spec) {
  reader.ReadMap(object, Shape::kAny, [&](const Member& entry) {
    frame.known.CheckTarget(reader, entry.key, entry.key_span);
    if (const auto duration = ReadDuration(reader, entry.value)) {
      frame.scenario.durations.push_back({{std::string(spec), std::string(entry.key)}, *duration});
    }
  });
}

void ReadTargets(Reader& reader, ScenarioFrame& frame, const Member& member) {
  ReadTargetDurations(reader, frame, member.value, {});
}

void ReadSpecs(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadMap(member.value, Shape::kAny, [&](const Member& entry) {
    frame.known.CheckSpec(reader, entry.key, entry.key_span);
    if (entry.value.kind() == json::Kind::kObject) {
      ReadTargetDurations(reader, frame, entry.value, entry.key);
    } else if (const auto duration = ReadDuration(reader, entry.value)) {
      frame.scenario.durations.push_back({{std::string(entry.key), {}}, *duration});
    }
  });
}

constexpr Field<ScenarioFrame> kDurationsFields[] = {
    {"default", "default", Shape::kAny, &ReadDefaultDuration},
    {"specs", "specs", Shape::kObject, &ReadSpecs},
    {"targets", "targets", Shape::kObject, &ReadTargets},
};
constexpr Message<ScenarioFrame> kDurations{"durations", kDurationsFields};

void ReadDurations(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kDurations, frame);
}

// ---- selectors ----

struct SelectorFrame {
  Scenario::Selector& selector;
  const KnownNames& known;
};

template <class Frame>
void ReadSelectorSpec(Reader& reader, Frame& frame, const Member& member) {
  frame.selector.spec = member.value.AsString();
  frame.known.CheckSpec(reader, frame.selector.spec, member.value.span());
}

template <class Frame>
void ReadSelectorTarget(Reader& reader, Frame& frame, const Member& member) {
  frame.selector.target = member.value.AsString();
  frame.known.CheckTarget(reader, frame.selector.target, member.value.span());
}

constexpr Field<SelectorFrame> kSelectorFields[] = {
    {"spec", "spec", Shape::kText, &ReadSelectorSpec<SelectorFrame>},
    {"target", "target", Shape::kText, &ReadSelectorTarget<SelectorFrame>},
};
constexpr Message<SelectorFrame> kSelector{"a selector", kSelectorFields};

void CheckSelects(Reader& reader, const Scenario::Selector& selector, Span span) {
  if (!selector.spec.empty() || !selector.target.empty()) return;
  reader.Report(Rule::kScenarioSelector, span,
                "this selects nothing; give it a \"spec\" or a \"target\"");
}

// ---- failures ----

struct FailureFrame {
  Scenario::Failure& failure;
  Scenario::Selector& selector;
  const KnownNames& known;
};

void ReadAttempts(Reader& reader, FailureFrame& frame, const Member& member) {
  if (const auto attempts = reader.Integer(member.value, 1, kMostAttempts)) {
    frame.failure.attempts = static_cast<std::uint32_t>(*attempts);
  }
}

void ReadAfter(Reader& reader, FailureFrame& frame, const Member& member) {
  if (const auto after = ReadDuration(reader, member.value)) frame.failure.after = *after;
}

void ReadFailureMessage(Reader&, FailureFrame& frame, const Member& member) {
  frame.failure.message = member.value.AsString();
}

constexpr Field<FailureFrame> kFailureFields[] = {
    {"spec", "spec", Shape::kText, &ReadSelectorSpec<FailureFrame>},
    {"target", "target", Shape::kText, &ReadSelectorTarget<FailureFrame>},
    {"attempts", "attempts", Shape::kInteger, &ReadAttempts},
    {"after", "after", Shape::kAny, &ReadAfter},
    {"message", "message", Shape::kText, &ReadFailureMessage},
};
constexpr Message<FailureFrame> kFailure{"a failure", kFailureFields};

void ReadFailures(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    Scenario::Failure failure;
    FailureFrame inner{failure, failure.selector, frame.known};
    reader.ReadObject(element, kFailure, inner);
    CheckSelects(reader, failure.selector, element.span());
    frame.scenario.failures.push_back(std::move(failure));
  });
}

// ---- delays ----

struct DelayFrame {
  Scenario::Delay& delay;
  Scenario::Selector& selector;
  const KnownNames& known;
};

void ReadBy(Reader& reader, DelayFrame& frame, const Member& member) {
  if (const auto by = ReadDuration(reader, member.value)) frame.delay.by = *by;
}

constexpr Field<DelayFrame> kDelayFields[] = {
    {"spec", "spec", Shape::kText, &ReadSelectorSpec<DelayFrame>},
    {"target", "target", Shape::kText, &ReadSelectorTarget<DelayFrame>},
    {"by", "by", Shape::kAny, &ReadBy},
};
constexpr Message<DelayFrame> kDelay{"a delay", kDelayFields};

void ReadDelays(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    Scenario::Delay delay{};
    DelayFrame inner{delay, delay.selector, frame.known};
    reader.ReadObject(element, kDelay, inner);
    CheckSelects(reader, delay.selector, element.span());
    frame.scenario.delays.push_back(std::move(delay));
  });
}

// ---- commands ----

struct CommandFrame {
  Scenario::Command& command;
  const KnownNames& known;
  bool has_time = false;
  int kinds = 0;
};

void ReadAt(Reader& reader, CommandFrame& frame, const Member& member) {
  frame.has_time = true;
  if (const auto at = ReadDuration(reader, member.value)) frame.command.at = *at;
}

void ReadReason(Reader&, CommandFrame& frame, const Member& member) {
  frame.command.reason = member.value.AsString();
}

template <Scenario::Command::Kind kKind>
void ReadTasks(Reader& reader, CommandFrame& frame, const Member& member) {
  frame.command.kind = kKind;
  ++frame.kinds;
  reader.ReadList(member.value, Shape::kAny, [&](Value element) {
    Scenario::Selector selector;
    if (element.kind() == json::Kind::kString) {
      selector.spec = element.AsString();
      frame.known.CheckSpec(reader, selector.spec, element.span());
    } else if (element.kind() == json::Kind::kObject) {
      SelectorFrame inner{selector, frame.known};
      reader.ReadObject(element, kSelector, inner);
      CheckSelects(reader, selector, element.span());
    } else {
      reader.Report(Rule::kWrongType, element.span(),
                    "expected the id of a spec, or an object with \"spec\" and \"target\", found " +
                        std::string(ToString(element.kind())));
    }
    frame.command.tasks.push_back(std::move(selector));
  });
}

constexpr Field<CommandFrame> kCommandFields[] = {
    {"at", "at", Shape::kAny, &ReadAt},
    {"retry", "retry", Shape::kList, &ReadTasks<Scenario::Command::Kind::kRetry>},
    {"skip", "skip", Shape::kList, &ReadTasks<Scenario::Command::Kind::kSkip>},
    {"cancel", "cancel", Shape::kList, &ReadTasks<Scenario::Command::Kind::kCancel>},
    {"reason", "reason", Shape::kText, &ReadReason},
};
constexpr Message<CommandFrame> kCommand{"a command", kCommandFields};

void ReadCommands(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    Scenario::Command command;
    CommandFrame inner{command, frame.known};
    reader.ReadObject(element, kCommand, inner);
    if (!inner.has_time) {
      reader.Report(Rule::kScenarioCommand, element.span(),
                    "this command does not say when; give it \"at\", counted from the start");
    }
    if (inner.kinds != 1) {
      reader.Report(
          Rule::kScenarioCommand, element.span(),
          "a command has exactly one of \"retry\", \"skip\" and \"cancel\", this one has " +
              std::to_string(inner.kinds));
    } else if (command.tasks.empty()) {
      reader.Report(Rule::kScenarioCommand, element.span(), "this command is for no task");
    }
    frame.scenario.commands.push_back(std::move(command));
  });
}

// ---- Scenario ----

void ReadStart(Reader& reader, ScenarioFrame& frame, const Member& member) {
  if (const auto start = reader.Timestamp(member.value)) {
    frame.scenario.start = base::ToInstant(*start);
  }
}

void ReadParallel(Reader& reader, ScenarioFrame& frame, const Member& member) {
  if (const auto parallel = reader.Integer(member.value, 0, INT32_MAX)) {
    frame.scenario.pace.parallel = static_cast<std::uint32_t>(*parallel);
  }
}

void ReadCanary(Reader& reader, ScenarioFrame& frame, const Member& member) {
  if (const auto canary = reader.Integer(member.value, 0, INT32_MAX)) {
    frame.scenario.pace.canary = static_cast<std::uint32_t>(*canary);
  }
}

void ReadMaxFailures(Reader& reader, ScenarioFrame& frame, const Member& member) {
  std::optional<rollout::FailureLimit> limit;
  if (member.value.kind() == json::Kind::kString)
    limit = rollout::ParseFailureLimit(member.value.AsString());
  if (member.value.kind() == json::Kind::kNumber)
    limit = rollout::ParseFailureLimit(member.value.NumberText());
  if (!limit) {
    reader.Report(Rule::kInvalidFailureLimit, member.value.span(),
                  "this is not a number of tasks, nor a part of them; write it like 5 or \"2%\"");
  }
  frame.scenario.pace.max_failures = limit;
}

void ReadSeed(Reader& reader, ScenarioFrame& frame, const Member& member) {
  if (const auto seed = reader.Integer(member.value, 0, INT64_MAX)) {
    frame.scenario.seed = static_cast<std::uint64_t>(*seed);
  }
}

constexpr Field<ScenarioFrame> kScenarioFields[] = {
    {"start", "start", Shape::kTimestamp, &ReadStart},
    {"parallel", "parallel", Shape::kInteger, &ReadParallel},
    {"canary", "canary", Shape::kInteger, &ReadCanary},
    {"maxFailures", "max_failures", Shape::kAny, &ReadMaxFailures},
    {"seed", "seed", Shape::kInteger, &ReadSeed},
    {"durations", "durations", Shape::kObject, &ReadDurations},
    {"failures", "failures", Shape::kList, &ReadFailures},
    {"delays", "delays", Shape::kList, &ReadDelays},
    {"commands", "commands", Shape::kList, &ReadCommands},
};
constexpr Message<ScenarioFrame> kScenario{"the scenario", kScenarioFields};

}  // namespace

bool IsDisturbed(const Scenario& scenario) {
  return !scenario.failures.empty() || !scenario.delays.empty() || !scenario.commands.empty();
}

Scenario Undisturbed(Scenario scenario) {
  scenario.failures.clear();
  scenario.delays.clear();
  scenario.commands.clear();
  return scenario;
}

std::optional<Scenario> DecodeScenario(const json::Document& document,
                                       const rollout::Rollout* rollout,
                                       diagnostics::Emitter& emitter) {
  Reader reader(document, /*lenient=*/false, emitter);
  const Value root = document.root();
  if (root.kind() != json::Kind::kObject) {
    reader.Report(
        Rule::kNotAScenario, {root.span().begin, root.span().begin + 1},
        "a scenario is an object with \"durations\", \"failures\" and the like, and this is " +
            std::string(ToString(root.kind())));
    return std::nullopt;
  }
  const KnownNames known(rollout);
  Scenario scenario;
  ScenarioFrame frame{scenario, known};
  reader.ReadObject(root, kScenario, frame);
  return scenario;
}

std::vector<json::MessageFields> ScenarioFieldTables() {
  return {Describe(kScenario), Describe(kDurations), Describe(kSelector),
          Describe(kFailure),  Describe(kDelay),     Describe(kCommand)};
}

}  // namespace lockstep::sim
