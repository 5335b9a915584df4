#include "core/sim/scenario.h"

#include "core/sim/scenario_fields.h"
#include "core/sim/scenario_reader.h"

namespace lockstep::sim {

using base::Quote;
using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Span;
using json::Value;

// ---- names and selectors ----

KnownNames::KnownNames(const rollout::Rollout* rollout) : has_rollout_(rollout != nullptr) {
  if (rollout == nullptr) return;
  specs_.assign(rollout->spec_ids.begin(), rollout->spec_ids.end());
  for (const rollout::Database& database : rollout->databases) targets_.push_back(database.name);
  for (const rollout::Instance& instance : rollout->instances) instances_.push_back(instance.name);
  targets_.insert(targets_.end(), instances_.begin(), instances_.end());
  for (auto* names : {&specs_, &targets_, &instances_}) std::sort(names->begin(), names->end());
}

void KnownNames::CheckSpec(Reader& reader, std::string_view spec, Span span) const {
  Check(reader, specs_, "no spec of the plan has the id ", spec, span);
}

void KnownNames::CheckTarget(Reader& reader, std::string_view target, Span span) const {
  Check(reader, targets_, "no task of the rollout has the target ", target, span);
}

void KnownNames::CheckInstance(Reader& reader, std::string_view instance, Span span) const {
  Check(reader, instances_, "no task of the rollout is on the instance ", instance, span);
}

void KnownNames::Check(Reader& reader, const std::vector<std::string_view>& known,
                       std::string_view what, std::string_view name, Span span) const {
  if (!has_rollout_ || std::binary_search(known.begin(), known.end(), name)) return;
  std::string message = std::string(what) + Quote(name);
  const std::string_view nearest = base::Nearest(name, known);
  if (!nearest.empty()) message += "; did you mean " + Quote(nearest) + "?";
  reader.Report(Rule::kScenarioSelector, span, std::move(message));
}

void CheckSelects(Reader& reader, const Scenario::Selector& selector, Span span) {
  if (!selector.spec.empty() || !selector.target.empty()) return;
  reader.Report(Rule::kScenarioSelector, span,
                "this selects nothing; give it a \"spec\" or a \"target\"");
}

namespace {

struct SelectorFrame {
  Scenario::Selector& selector;
  const KnownNames& known;
};

constexpr Field<SelectorFrame> kSelectorFields[] = {
    {"spec", "spec", Shape::kText, &ReadSelectorSpec<SelectorFrame>},
    {"target", "target", Shape::kText, &ReadSelectorTarget<SelectorFrame>},
};
constexpr Message<SelectorFrame> kSelector{"a selector", kSelectorFields};

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

void ReadDeadline(Reader& reader, ScenarioFrame& frame, const Member& member) {
  frame.scenario.deadline = ReadDuration(reader, member.value);
}

void ReadMaximumConnections(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadMap(member.value, Shape::kInteger, [&](const Member& entry) {
    frame.known.CheckInstance(reader, entry.key, entry.key_span);
    if (const auto most = reader.Integer(entry.value, 1, INT32_MAX)) {
      frame.scenario.maximum_connections[std::string(entry.key)] =
          static_cast<std::uint32_t>(*most);
    }
  });
}

void ReadSeed(Reader& reader, ScenarioFrame& frame, const Member& member) {
  if (const auto seed = reader.Integer(member.value, 0, INT64_MAX)) {
    frame.scenario.seed = static_cast<std::uint64_t>(*seed);
  }
}

constexpr Field<ScenarioFrame> kScenarioFields[] = {
    {"start", "start", Shape::kTimestamp, &ReadStart},
    {"deadline", "deadline", Shape::kAny, &ReadDeadline},
    {"parallel", "parallel", Shape::kInteger, &ReadParallel},
    {"canary", "canary", Shape::kInteger, &ReadCanary},
    {"maxFailures", "max_failures", Shape::kAny, &ReadMaxFailures},
    {"maximumConnections", "maximum_connections", Shape::kObject, &ReadMaximumConnections},
    {"seed", "seed", Shape::kInteger, &ReadSeed},
    {"durations", "durations", Shape::kObject, &ReadDurations},
    {"failures", "failures", Shape::kList, &ReadFailures},
    {"delays", "delays", Shape::kList, &ReadDelays},
    {"locks", "locks", Shape::kList, &ReadLocks},
    {"outages", "outages", Shape::kList, &ReadOutages},
    {"commands", "commands", Shape::kList, &ReadCommands},
};
constexpr Message<ScenarioFrame> kScenario{"the scenario", kScenarioFields};

}  // namespace

std::string_view ToString(SheetSize size) {
  constexpr std::string_view kNames[] = {"small", "medium", "large"};
  return kNames[static_cast<int>(size)];
}

std::optional<SheetSize> FindSheetSize(std::string_view name) {
  for (int i = 0; i < kSheetSizeCount; ++i) {
    if (name == ToString(static_cast<SheetSize>(i))) return static_cast<SheetSize>(i);
  }
  return std::nullopt;
}

SheetSize SizeOf(const rollout::Sheet& sheet) {
  constexpr std::uint64_t kMedium = 4 << 10, kLarge = 256 << 10;
  if (sheet.bytes < kMedium) return SheetSize::kSmall;
  return sheet.bytes < kLarge ? SheetSize::kMedium : SheetSize::kLarge;
}

bool IsDisturbed(const Scenario& scenario) {
  return !scenario.failures.empty() || !scenario.delays.empty() || !scenario.locks.empty() ||
         !scenario.outages.empty() || !scenario.commands.empty();
}

Scenario Undisturbed(Scenario scenario) {
  scenario.failures.clear();
  scenario.delays.clear();
  scenario.locks.clear();
  scenario.outages.clear();
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
  std::vector<json::MessageFields> tables = {Describe(kScenario), Describe(kSelector),
                                             Describe(kCommand)};
  AppendDurationTables(tables);
  AppendDisturbanceTables(tables);
  return tables;
}

}  // namespace lockstep::sim
