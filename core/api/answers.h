// Answers: typed results as JSON, one function an answer, the same bytes natively and in
// WebAssembly. The fixed fields are those of schemas/api.schema.json; times are milliseconds from
// the start of the simulation.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.h"
#include "core/rollout/event.h"
#include "core/rollout/rollout.h"
#include "core/rollout/scheduler.h"
#include "core/sim/simulator.h"

namespace lockstep::api {

/// {"digest","status","start","makespan","stages":[…],"tasks":[{"name","stage","spec","database",
/// "status","start","end","attempts","waits":[{"cause","by","from","to"}],"waiting"}],
/// "criticalPath":[names]}
/// and the members that `more` adds.
std::string SimulationAnswer(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                             const std::function<void(base::JsonWriter&)>& more = nullptr);

/// The member `key`: {"status","makespan"}.
void WriteEnd(base::JsonWriter& writer, std::string_view key, const sim::Timeline& timeline);

/// {"name","title","digest","stages":[{"name","title","environment","tasks":[{"name","stage",
/// "spec","database","type","earliestAllowedTime","dependsOnSpecs"}]}]}
std::string RolloutAnswer(const rollout::Rollout& rollout);

/// How the last run of each task ended, from the events: what State leaves out.
struct TaskReport {
  rollout::TaskError error;          ///< of the last run; empty message when it did not fail
  std::string detail;                ///< "already applied by …", a skip's reason
  base::Instant start{-1}, end{-1};  ///< of the last run
};
std::vector<TaskReport> ReportTasks(const rollout::Rollout& rollout,
                                    std::span<const rollout::Event> events);

/// {"rollout","digest","status","tasks":[{"name","stage","spec","database","status","attempt",
/// "start","end","error","detail","waiting":{"cause","by","until","blocked"}}]}
std::string StatusAnswer(const rollout::Scheduler& scheduler,
                         std::span<const rollout::Event> events);

}  // namespace lockstep::api
