#include "core/sim/flags.h"

#include <charconv>

#include "core/base/text.h"
#include "core/sim/probability.h"

namespace lockstep::sim {
namespace {

using base::Error;
using base::ErrorCode;
using base::Quote;
using base::Result;
using rollout::Rollout;
using Selector = Scenario::Selector;

Error Wrong(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

std::string_view LastPart(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

/// "prod/hr" of "instances/prod/databases/hr".
std::string ShortName(const Rollout& rollout, const rollout::Database& database) {
  return std::string(LastPart(rollout.instances[database.instance].name)) + "/" +
         std::string(LastPart(database.name));
}

std::optional<std::uint32_t> ParseNumber(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The one name that fits exactly, or else loosely; several are an error.
class OneName {
 public:
  void Exact(std::string_view name) { exact_ = name; }
  void Loose(std::string_view name) {
    if (name == loose_) return;
    ambiguous_ |= !loose_.empty();
    if (!ambiguous_) loose_ = name;
  }
  bool found() const { return !exact_.empty() || !loose_.empty(); }
  Result<std::string> Get(std::string_view text) const {
    if (!exact_.empty()) return std::string(exact_);
    if (ambiguous_) return Wrong(Quote(text) + " fits several; write the whole name");
    return std::string(loose_);
  }

 private:
  std::string_view exact_, loose_;
  bool ambiguous_ = false;
};

OneName FindInstance(const Rollout& rollout, std::string_view text) {
  OneName name;
  for (const rollout::Instance& instance : rollout.instances) {
    if (instance.name == text) name.Exact(instance.name);
    if (LastPart(instance.name) == text) name.Loose(instance.name);
  }
  return name;
}

OneName FindTarget(const Rollout& rollout, std::string_view text) {
  OneName name;
  for (const rollout::Database& database : rollout.databases) {
    if (database.name == text) name.Exact(database.name);
    if (ShortName(rollout, database) == text) name.Exact(database.name);
    if (LastPart(database.name) == text) name.Loose(database.name);
  }
  return name.found() ? name : FindInstance(rollout, text);
}

OneName FindSpec(const Rollout& rollout, std::string_view text) {
  OneName name;
  if (text.empty()) return name;
  for (const std::string& id : rollout.spec_ids) {
    if (id == text) name.Exact(id);
    if (std::string_view(id).starts_with(text)) name.Loose(id);
  }
  return name;
}

/// Whole, and their last parts.
template <class Named>
void AddNames(const Named& named, std::vector<std::string_view>& names) {
  for (const auto& item : named) {
    names.push_back(item.name);
    names.push_back(LastPart(item.name));
  }
}

Error Unknown(std::string_view what, std::string_view text,
              const std::vector<std::string_view>& known) {
  const std::string_view nearest = base::Nearest(text, known);
  return Wrong(std::string(what) + Quote(text) +
               (nearest.empty() ? "" : "; did you mean " + Quote(nearest) + "?"));
}

Result<Selector> Select(const Rollout& rollout, std::string_view text) {
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    const OneName spec = FindSpec(rollout, text.substr(0, at));
    const OneName target = FindTarget(rollout, text.substr(at + 1));
    if (spec.found() && target.found()) {
      const Result<std::string> id = spec.Get(text), name = target.Get(text);
      if (!id.ok()) return id.error();
      if (!name.ok()) return name.error();
      return Selector{*id, *name};
    }
  }
  const OneName target = FindTarget(rollout, text);
  const OneName spec = FindSpec(rollout, text);
  const auto number = ParseNumber(text);
  if (number && *number >= 1 && *number <= rollout.tasks.size() && !target.found()) {
    const rollout::Task& task = rollout.tasks[rollout::TaskIndex(*number - 1)];
    return Selector{rollout.spec_ids[task.spec], rollout.TargetName(task)};
  }
  if (target.found()) {
    const Result<std::string> name = target.Get(text);
    return name.ok() ? Result<Selector>(Selector{"", *name}) : name.error();
  }
  if (spec.found()) {
    const Result<std::string> id = spec.Get(text);
    return id.ok() ? Result<Selector>(Selector{*id, ""}) : id.error();
  }
  std::vector<std::string_view> known(rollout.spec_ids.begin(), rollout.spec_ids.end());
  AddNames(rollout.databases, known);
  AddNames(rollout.instances, known);
  return Unknown("there is no task, spec or target ", text, known);
}

struct Interval {
  base::Duration from, to;
};
Result<Interval> ParseInterval(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    const auto from = base::ParseDuration(text.substr(0, dash));
    const auto to = base::ParseDuration(text.substr(dash + 1));
    if (from && to && *from < *to) return Interval{*from, *to};
  }
  return Wrong(Quote(text) +
               " is not from one time to a later one, counted from the start, such as 10m-30m");
}

base::Status AddFailure(Scenario& scenario, Selector selector, std::string_view value) {
  Scenario::Failure failure;
  failure.selector = std::move(selector);
  if (value == "always") {
    failure.attempts = Scenario::kAlways;
  } else if (!value.empty()) {
    const auto probability = ParseProbability(value);
    if (!probability)
      return Wrong(Quote(value) + " is neither \"always\" nor a probability such as 20%");
    failure.probability = *probability;
  }
  scenario.failures.push_back(std::move(failure));
  return {};
}

base::Status AddCommand(Scenario& scenario, Selector selector, Flag flag, std::string_view value) {
  using Kind = Scenario::Command::Kind;
  Scenario::Command command{};
  command.kind = flag == Flag::kRetry  ? Kind::kRetry
                 : flag == Flag::kSkip ? Kind::kSkip
                                       : Kind::kCancel;
  command.tasks.push_back(std::move(selector));
  if (!value.empty()) {
    const auto at = base::ParseDuration(value);
    if (!at) return Wrong(Quote(value) + " is not a time, counted from the start, such as 10m");
    command.at = *at;
  }
  scenario.commands.push_back(std::move(command));
  return {};
}

base::Status AddOfInstance(Scenario& scenario, const Rollout& rollout, Flag flag,
                           std::string_view which, std::string_view value) {
  const OneName found = FindInstance(rollout, which);
  if (!found.found()) {
    std::vector<std::string_view> known;
    AddNames(rollout.instances, known);
    return Unknown("no task of the rollout is on an instance ", which, known);
  }
  const Result<std::string> instance = found.Get(which);
  if (!instance.ok()) return instance.error();
  if (flag == Flag::kConnections) {
    const auto most = ParseNumber(value);
    if (!most || *most == 0) return Wrong(Quote(value) + " is not a number of connections");
    scenario.maximum_connections[*instance] = *most;
    return {};
  }
  const Result<Interval> interval = ParseInterval(value);
  if (!interval.ok()) return interval.error();
  scenario.outages.push_back({*instance, interval->from, interval->to});
  return {};
}

}  // namespace

base::Status AddFlag(Scenario& scenario, const Rollout& rollout, Flag flag, std::string_view text) {
  const std::size_t equals = text.rfind('=');
  const std::string_view which = text.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1);
  if (flag == Flag::kDown || flag == Flag::kConnections)
    return AddOfInstance(scenario, rollout, flag, which, value);
  Result<Selector> selector = Select(rollout, which);
  if (!selector.ok()) return selector.error();
  switch (flag) {
    case Flag::kFail:
      return AddFailure(scenario, std::move(*selector), value);
    case Flag::kDelay: {
      const auto by = base::ParseDuration(value);
      if (!by) return Wrong(Quote(value) + " is not a length of time such as 5m");
      scenario.delays.push_back({std::move(*selector), *by});
      return {};
    }
    case Flag::kLock: {
      const Result<Interval> interval = ParseInterval(value);
      if (!interval.ok()) return interval.error();
      scenario.locks.push_back({std::move(*selector), interval->from, interval->to});
      return {};
    }
    default:
      return AddCommand(scenario, std::move(*selector), flag, value);
  }
}

}  // namespace lockstep::sim
