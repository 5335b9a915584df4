// Durations of a scenario: lengths of time, percentiles and samples, by spec, target and class.
#include "core/sim/scenario_reader.h"

namespace lockstep::sim {
namespace {

using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Value;

constexpr std::size_t kMostGivenSamples = 10'000;
constexpr std::string_view kStatementClasses[] = {"DDL",     "DML",  "QUERY", "TRANSACTION_CONTROL",
                                                  "SESSION", "OTHER"};

/// 95 of "p95"; empty when it is not one of p0 to p100.
std::optional<int> PercentOf(std::string_view key) {
  if (key.size() < 2 || key.size() > 4 || key[0] != 'p') return std::nullopt;
  int percent = 0;
  for (const char c : key.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    percent = percent * 10 + (c - '0');
  }
  if (percent > 100) return std::nullopt;
  return percent;
}

bool IsPercentiles(Value value) {
  if (value.kind() != json::Kind::kObject) return false;
  for (const Member& member : value.members()) return PercentOf(member.key).has_value();
  return false;
}

std::optional<Distribution> ReadSamples(Reader& reader, Value list) {
  std::vector<base::Duration> samples;
  bool fine = true;
  for (const Value element : list.elements()) {
    const auto sample = ReadDuration(reader, element);
    fine &= sample.has_value();
    if (sample) samples.push_back(*sample);
  }
  if (!fine) return std::nullopt;
  if (samples.empty() || samples.size() > kMostGivenSamples) {
    reader.Report(Rule::kInvalidDuration, list.span(),
                  samples.empty() ? "a list of the lengths that were seen needs at least one"
                                  : "a list of the lengths that were seen has at most 10000");
    return std::nullopt;
  }
  return Distribution::OfSamples(std::move(samples));
}

std::optional<Distribution> ReadPercentiles(Reader& reader, Value object) {
  std::vector<std::pair<int, base::Duration>> percentiles;
  bool fine = true;
  reader.ReadMap(object, Shape::kAny, [&](const Member& entry) {
    const std::optional<int> percent = PercentOf(entry.key);
    const auto length = ReadDuration(reader, entry.value);
    fine &= percent && length;
    if (!percent) {
      reader.Report(Rule::kInvalidDuration, entry.key_span,
                    "percentiles are p0 to p100, as in {\"p50\": \"30s\", \"p95\": \"2m\"}");
    }
    if (percent && length) percentiles.emplace_back(*percent, *length);
  });
  if (!fine) return std::nullopt;
  std::sort(percentiles.begin(), percentiles.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 1; i < percentiles.size(); ++i) {
    if (percentiles[i - 1].first == percentiles[i].first) return std::nullopt;  // told as a key
    if (percentiles[i - 1].second <= percentiles[i].second) continue;
    const auto name = [&](std::size_t at) { return "p" + std::to_string(percentiles[at].first); };
    reader.Report(Rule::kInvalidDuration, object.span(),
                  name(i) + " is shorter than " + name(i - 1) + "; percentiles do not get shorter");
    return std::nullopt;
  }
  return Distribution::OfPercentiles(percentiles);
}

std::optional<Distribution> ReadDistribution(Reader& reader, Value value) {
  if (value.kind() == json::Kind::kArray) return ReadSamples(reader, value);
  if (IsPercentiles(value)) return ReadPercentiles(reader, value);
  const auto length = ReadDuration(reader, value);
  if (!length) return std::nullopt;
  return Distribution(*length);
}

void ReadDefault(Reader& reader, ScenarioFrame& frame, const Member& member) {
  if (auto duration = ReadDistribution(reader, member.value))
    frame.scenario.default_duration = std::move(*duration);
  frame.scenario.says_default = true;
}

/// {"instances/i/databases/d": "5s"} for one spec, or for all when `spec` is empty.
void ReadTargetDurations(Reader& reader, ScenarioFrame& frame, Value object,
                         std::string_view spec) {
  reader.ReadMap(object, Shape::kAny, [&](const Member& entry) {
    const bool others = entry.key == "default" && !spec.empty();
    if (!others) frame.known.CheckTarget(reader, entry.key, entry.key_span);
    if (auto duration = ReadDistribution(reader, entry.value)) {
      frame.scenario.durations.push_back(
          {{std::string(spec), others ? "" : std::string(entry.key)}, std::move(*duration)});
    }
  });
}

void ReadTargets(Reader& reader, ScenarioFrame& frame, const Member& member) {
  ReadTargetDurations(reader, frame, member.value, {});
}

void ReadSpecs(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadMap(member.value, Shape::kAny, [&](const Member& entry) {
    frame.known.CheckSpec(reader, entry.key, entry.key_span);
    if (entry.value.kind() == json::Kind::kObject && !IsPercentiles(entry.value)) {
      ReadTargetDurations(reader, frame, entry.value, entry.key);
    } else if (auto duration = ReadDistribution(reader, entry.value)) {
      frame.scenario.durations.push_back({{std::string(entry.key), {}}, std::move(*duration)});
    }
  });
}

// ---- classes ----

void ReadSizes(Reader& reader, ScenarioFrame& frame, Value object, std::string_view of_class) {
  reader.ReadMap(object, Shape::kAny, [&](const Member& entry) {
    const auto size = FindSheetSize(entry.key);
    const bool known = size || entry.key == "default";
    if (!known) {
      reader.Report(Rule::kScenarioSelector, entry.key_span,
                    base::Quote(entry.key) +
                        " is no size of a sheet; there are \"small\" (below 4 "
                        "KiB), \"medium\" (below 256 KiB) and \"large\"");
    }
    auto duration = ReadDistribution(reader, entry.value);
    if (!known || !duration) return;
    frame.scenario.class_durations.push_back({std::string(of_class), size, std::move(*duration)});
  });
}

void ReadClasses(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadMap(member.value, Shape::kAny, [&](const Member& entry) {
    if (std::find(std::begin(kStatementClasses), std::end(kStatementClasses), entry.key) ==
        std::end(kStatementClasses)) {
      std::string message = base::Quote(entry.key) + " is no class of statements";
      const std::vector<std::string_view> known(std::begin(kStatementClasses),
                                                std::end(kStatementClasses));
      const std::string_view nearest = base::Nearest(entry.key, known);
      message += nearest.empty() ? "; there are DDL, DML, QUERY, SESSION, OTHER"
                                 : "; did you mean " + base::Quote(nearest) + "?";
      reader.Report(Rule::kScenarioSelector, entry.key_span, std::move(message));
    }
    if (entry.value.kind() == json::Kind::kObject && !IsPercentiles(entry.value)) {
      ReadSizes(reader, frame, entry.value, entry.key);
    } else if (auto duration = ReadDistribution(reader, entry.value)) {
      frame.scenario.class_durations.push_back(
          {std::string(entry.key), std::nullopt, std::move(*duration)});
    }
  });
}

// ---- connect ----

void ReadConnectDefault(Reader& reader, ScenarioFrame& frame, const Member& member) {
  if (const auto cost = ReadDuration(reader, member.value))
    frame.scenario.connects.push_back({{}, *cost});
}

void ReadConnectTargets(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadMap(member.value, Shape::kAny, [&](const Member& entry) {
    frame.known.CheckTarget(reader, entry.key, entry.key_span);
    if (const auto cost = ReadDuration(reader, entry.value))
      frame.scenario.connects.push_back({{{}, std::string(entry.key)}, *cost});
  });
}

constexpr Field<ScenarioFrame> kConnectFields[] = {
    {"default", "default", Shape::kAny, &ReadConnectDefault},
    {"targets", "targets", Shape::kObject, &ReadConnectTargets},
};
constexpr Message<ScenarioFrame> kConnect{"connect", kConnectFields};

void ReadConnect(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kConnect, frame);
}

constexpr Field<ScenarioFrame> kDurationsFields[] = {
    {"default", "default", Shape::kAny, &ReadDefault},
    {"classes", "classes", Shape::kObject, &ReadClasses},
    {"specs", "specs", Shape::kObject, &ReadSpecs},
    {"targets", "targets", Shape::kObject, &ReadTargets},
    {"connect", "connect", Shape::kObject, &ReadConnect},
};
constexpr Message<ScenarioFrame> kDurations{"durations", kDurationsFields};

}  // namespace

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

void ReadDurations(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kDurations, frame);
}

void AppendDurationTables(std::vector<json::MessageFields>& tables) {
  tables.push_back(Describe(kDurations));
  tables.push_back(Describe(kConnect));
}

}  // namespace lockstep::sim
