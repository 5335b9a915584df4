#include "native/service/plan_checks.h"

#include <set>
#include <tuple>

namespace lockstep::service {

using ledger::Object;

base::Result<StoredChecks> ReadChecks(Object object) {
  auto runs = ReadCheckRuns(object.json);
  if (!runs.ok()) return runs.error();
  return StoredChecks{std::move(object), std::move(*runs)};
}

base::Result<std::vector<StoredChecks>> ListChecks(Context& context, std::string_view plan) {
  auto objects = context.objects.List(Object::Kind::kPlanChecks, "", plan);
  if (!objects.ok()) return objects.error();
  std::vector<StoredChecks> listed;
  for (Object& object : *objects) {
    auto checks = ReadChecks(std::move(object));
    if (!checks.ok()) return checks.error();
    listed.push_back(std::move(*checks));
  }
  return listed;
}

std::string CheckRunName(const StoredChecks& checks, std::size_t index) {
  return checks.object.parent + "/planCheckRuns/" +
         std::to_string(checks.object.number * 1'000'000 + static_cast<std::int64_t>(index));
}

std::vector<std::pair<const StoredChecks*, std::size_t>> LatestRuns(
    const std::vector<StoredChecks>& checks) {
  std::vector<std::pair<const StoredChecks*, std::size_t>> latest;
  std::set<std::tuple<CheckRun::Type, std::string_view, std::string_view>> seen;
  for (const StoredChecks& of_call : checks) {
    for (std::size_t i = 0; i < of_call.runs.size(); ++i) {
      const CheckRun& run = of_call.runs[i];
      if (seen.emplace(run.type, run.target, run.sheet).second) latest.emplace_back(&of_call, i);
    }
  }
  return latest;
}

base::Result<std::map<std::string, std::int64_t>> CheckCounts(Context& context,
                                                              std::string_view plan) {
  const auto checks = ListChecks(context, plan);
  if (!checks.ok()) return checks.error();
  std::vector<const CheckRun*> runs;
  for (const auto& [of_call, index] : LatestRuns(*checks)) runs.push_back(&of_call->runs[index]);
  return CountResults(runs);
}

base::Status UpdateChecks(Context& context, std::int64_t number,
                          const std::function<bool(std::vector<CheckRun>&)>& change) {
  while (true) {
    auto object = context.objects.Get(Object::Kind::kPlanChecks, number);
    if (!object.ok()) return object.error();
    if (!*object) return {};
    const std::int64_t revision = (*object)->revision;
    auto checks = ReadChecks(std::move(**object));
    if (!checks.ok()) return checks.error();
    if (!change(checks->runs)) return {};
    checks->object.json = StoredCheckRuns(checks->runs);
    checks->object.updated = context.now;
    const auto updated = context.objects.Update(checks->object);
    if (updated.ok() || updated.error().code != base::ErrorCode::kUnavailable) return updated;
    // Whoever was faster is through; a ledger that is out of reach is another matter.
    const auto now = context.objects.Get(Object::Kind::kPlanChecks, number);
    if (!now.ok()) return now.error();
    if (!*now || (*now)->revision == revision) return updated;
  }
}

}  // namespace lockstep::service
