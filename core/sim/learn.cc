#include "core/sim/learn.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "core/base/text.h"

namespace lockstep::sim {

using base::Duration;
using base::Error;
using base::ErrorCode;
using base::JsonWriter;
using base::Quote;
using rollout::Rollout;

namespace {

using Samples = std::vector<Duration>;

Distribution DistributionOf(const Samples& samples) {
  const std::size_t left_out = samples.size() > kMostSamples ? samples.size() - kMostSamples : 0;
  return Distribution::OfSamples(
      Samples(samples.begin() + static_cast<std::ptrdiff_t>(left_out), samples.end()));
}

/// Observations by what can be asked of them, each in order of time.
class Seen {
 public:
  explicit Seen(const std::vector<Observation>& observations) {
    for (const Observation& seen : observations) {
      all_.push_back(seen.duration);
      // A sheet says more than the id of the spec that ran it: the id may hold another one by now.
      if (!seen.sheet.empty()) {
        Add(sheets_[seen.sheet], seen);
      } else if (!seen.spec.empty()) {
        Add(specs_[seen.spec], seen);
      }
      if (seen.sheet.empty() && seen.spec.empty() && !seen.target.empty())
        targets_[seen.target].push_back(seen.duration);
      if (seen.statement_class.empty()) continue;
      if (seen.size) classes_[{seen.statement_class, seen.size}].push_back(seen.duration);
      classes_[{seen.statement_class, std::nullopt}].push_back(seen.duration);
    }
  }

  struct OfSpec {
    Samples all;
    std::map<std::string, Samples> targets;
  };
  const OfSpec* Of(const std::string& spec, const std::string& sheet) const {
    if (const auto found = sheets_.find(sheet); !sheet.empty() && found != sheets_.end())
      return &found->second;
    const auto found = specs_.find(spec);
    return found == specs_.end() ? nullptr : &found->second;
  }
  const Samples& all() const { return all_; }
  const std::map<std::string, Samples>& targets() const { return targets_; }
  const auto& classes() const { return classes_; }

 private:
  static void Add(OfSpec& spec, const Observation& seen) {
    spec.all.push_back(seen.duration);
    if (!seen.target.empty()) spec.targets[seen.target].push_back(seen.duration);
  }

  Samples all_;
  std::map<std::string, OfSpec> sheets_, specs_;
  std::map<std::string, Samples> targets_;
  std::map<std::pair<std::string, std::optional<SheetSize>>, Samples> classes_;
};

std::string TimeText(Duration duration) {
  return std::to_string(duration.ms) + "ms";
}

void WriteDistribution(JsonWriter& writer, const Distribution& distribution) {
  if (distribution.is_constant()) return void(writer.String(TimeText(distribution.Median())));
  constexpr std::size_t kMostListed = 20;
  const std::vector<Duration> samples = distribution.samples();
  if (!samples.empty() && samples.size() <= kMostListed) {
    writer.BeginArray();
    for (const Duration sample : samples) writer.String(TimeText(sample));
    return void(writer.EndArray());
  }
  writer.BeginObject();
  for (const int percent : {0, 5, 25, 50, 75, 90, 95, 99, 100}) {
    const std::uint64_t part = (std::uint64_t{1} << 32) * static_cast<unsigned>(percent) / 100;
    const auto at = static_cast<std::uint32_t>(std::min<std::uint64_t>(part, 0xffffffff));
    writer.Member("p" + std::to_string(percent), TimeText(distribution.At(at)));
  }
  writer.EndObject();
}

/// A map whose values are a distribution ("" alone) or one for each key.
using ByKey = std::map<std::string, Distribution>;
void WriteNested(JsonWriter& writer, std::string_view name,
                 const std::map<std::string, ByKey>& entries) {
  if (entries.empty()) return;
  writer.Key(name).BeginObject();
  for (const auto& [outer, inner] : entries) {
    writer.Key(outer);
    const auto any = inner.find("");
    if (inner.size() == 1 && any != inner.end()) {
      WriteDistribution(writer, any->second);
      continue;
    }
    writer.BeginObject();
    for (const auto& [key, distribution] : inner) {
      writer.Key(key.empty() ? std::string_view("default") : std::string_view(key));
      WriteDistribution(writer, distribution);
    }
    writer.EndObject();
  }
  writer.EndObject();
}

}  // namespace

Scenario LearnDurations(const Rollout& rollout, const std::vector<Observation>& observations) {
  const Seen seen(observations);
  Scenario learnt;
  if (observations.empty()) return learnt;
  learnt.default_duration = DistributionOf(seen.all());
  learnt.says_default = true;
  for (const auto& [of, samples] : seen.classes())
    learnt.class_durations.push_back({of.first, of.second, DistributionOf(samples)});
  const auto learn_target = [&](const std::string& name) {
    const auto found = seen.targets().find(name);
    if (found != seen.targets().end())
      learnt.durations.push_back({{"", name}, DistributionOf(found->second)});
  };
  for (const rollout::Database& database : rollout.databases) learn_target(database.name);
  for (const rollout::Instance& instance : rollout.instances) learn_target(instance.name);
  std::vector<bool> told_spec(rollout.spec_ids.size(), false);
  std::unordered_map<const Seen::OfSpec*, Distribution> of_all;  // many specs may share a sheet
  for (const rollout::Task& task : rollout.tasks) {
    const std::string& id = rollout.spec_ids[task.spec];
    const rollout::SheetIndex sheet =
        rollout.spec_sheets.empty() ? rollout::SheetIndex() : rollout.spec_sheets[task.spec];
    const Seen::OfSpec* spec =
        seen.Of(id, sheet.valid() ? rollout.sheets[sheet].sha256 : std::string());
    if (spec == nullptr || id.empty()) continue;
    if (!told_spec[task.spec]) {
      told_spec[task.spec] = true;
      const auto [made, is_new] = of_all.try_emplace(spec);
      if (is_new) made->second = DistributionOf(spec->all);
      learnt.durations.push_back({{id, ""}, made->second});
    }
    const std::string& target = rollout.TargetName(task);
    const auto own = spec->targets.find(target);
    if (own == spec->targets.end() || spec->targets.size() == 1) continue;
    learnt.durations.push_back({{id, target}, DistributionOf(own->second)});
  }
  return learnt;
}

Scenario WithLearnt(Scenario said, const Scenario& learnt) {
  if (!said.says_default && learnt.says_default) said.default_duration = learnt.default_duration;
  std::set<std::string_view> classes, specs, targets;
  for (const Scenario::ClassDuration& item : said.class_durations)
    classes.insert(item.statement_class);
  for (const auto& [selector, duration] : said.durations) {
    selector.spec.empty() ? targets.insert(selector.target) : specs.insert(selector.spec);
  }
  // In front, where they count less than what is said.
  std::vector<Scenario::ClassDuration> class_durations;
  for (const Scenario::ClassDuration& item : learnt.class_durations) {
    if (!classes.contains(item.statement_class)) class_durations.push_back(item);
  }
  std::vector<Scenario::SpecDuration> durations;
  for (const Scenario::SpecDuration& item : learnt.durations) {
    const bool of_spec = !item.selector.spec.empty();
    const bool known =
        of_spec ? specs.contains(item.selector.spec) : targets.contains(item.selector.target);
    if (!known) durations.push_back(item);
  }
  class_durations.insert(class_durations.end(), said.class_durations.begin(),
                         said.class_durations.end());
  durations.insert(durations.end(), said.durations.begin(), said.durations.end());
  said.class_durations = std::move(class_durations);
  said.durations = std::move(durations);
  return said;
}

void WriteDurations(JsonWriter& writer, const Scenario& scenario) {
  std::map<std::string, ByKey> specs, classes;
  ByKey targets;
  for (const Scenario::SpecDuration& item : scenario.durations) {
    if (item.selector.spec.empty()) {
      targets[item.selector.target] = item.duration;
    } else {
      specs[item.selector.spec][item.selector.target] = item.duration;
    }
  }
  for (const Scenario::ClassDuration& item : scenario.class_durations) {
    const std::string size(item.size ? ToString(*item.size) : "");
    classes[item.statement_class][size] = item.duration;
  }
  writer.BeginObject().Key("durations").BeginObject();
  if (scenario.says_default) {
    writer.Key("default");
    WriteDistribution(writer, scenario.default_duration);
  }
  WriteNested(writer, "classes", classes);
  WriteNested(writer, "specs", specs);
  if (!targets.empty()) {
    writer.Key("targets").BeginObject();
    for (const auto& [target, distribution] : targets) {
      writer.Key(target);
      WriteDistribution(writer, distribution);
    }
    writer.EndObject();
  }
  writer.EndObject().EndObject();
}

}  // namespace lockstep::sim
