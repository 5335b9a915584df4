// Answers about simulations: comparisons, forecasts, analyses, as JSON values. Tasks by name; times
// and lengths of time in milliseconds.
#pragma once

#include <vector>

#include "core/base/json_writer.h"
#include "core/sim/advice.h"
#include "core/sim/analysis.h"
#include "core/sim/comparison.h"
#include "core/sim/forecast.h"

namespace lockstep::api {

/// {"before":{"status","makespan"},"after":{…},"broken":[{"task","status"}],
///  "blocked":[{"task","by","cause"}],"shifted":[{"task","later","cause","waitedFor"}],
///  "stretched":[{"task","later"}],"unchanged",
///  "remedies":[{"command","tasks","status","makespan","unfinished"}]}
void WriteComparison(base::JsonWriter& writer, const rollout::Rollout& rollout,
                     const sim::Timeline& before, const sim::Timeline& after,
                     const sim::Comparison& comparison, const std::vector<sim::Remedy>& remedies);

/// {"runs","seed","done","deadline","inTime","makespan":{"least","p5",…,"p99","most"},
///  "tasks":[{"task","critical","undone"}]}; only tasks that count something.
void WriteForecast(base::JsonWriter& writer, const rollout::Rollout& rollout,
                   const sim::Scenario& scenario, const sim::Forecast& forecast);

/// {"waits":[{"cause","total","tasks","onCriticalPath"}],"slack":[by task, or null],
///  "databases":[{"name","busy"}],"instances":[{"name","busy","most","maximumConnections"}],
///  "mostTasks","advice":[{"makespan","changes":[text]}]}
void WriteAnalysis(base::JsonWriter& writer, const rollout::Rollout& rollout,
                   const sim::Analysis& analysis, const std::vector<sim::Advice>& advice);

}  // namespace lockstep::api
