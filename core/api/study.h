// Study: one rollout looked at in every way that a simulation offers: once, beside the undisturbed
// one, many times by lot, and where its time goes. The same for the command line and for pages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/json_writer.h"
#include "core/sim/advice.h"
#include "core/sim/analysis.h"
#include "core/sim/comparison.h"
#include "core/sim/forecast.h"
#include "core/sim/windows.h"

namespace lockstep::api {

struct StudyOptions {
  bool explain = false;    ///< analysis and advice
  std::uint32_t runs = 0;  ///< of a forecast; 0: none
  bool keep_events = false;
};

struct Study {
  sim::Timeline timeline;
  std::vector<sim::Overrun> overruns;
  // When the scenario disturbs:
  std::optional<sim::Timeline> undisturbed;
  sim::Comparison comparison;
  std::vector<sim::Remedy> remedies;
  // When asked for:
  std::optional<sim::Analysis> analysis;
  std::vector<sim::Advice> advice;
  std::optional<sim::Forecast> forecast;
};

Study MakeStudy(const rollout::Rollout& rollout, const sim::Scenario& scenario,
                const StudyOptions& options);

/// Whether it ends DONE and before the scenario's deadline: simulated once.
bool Fits(const sim::Scenario& scenario, const sim::Timeline& timeline);

/// What it says beside the schedule, each empty when there is nothing to say.
struct StudyTexts {
  std::string comparison, analysis;
  std::string deadline;  ///< and the tasks that outlast their windows
  std::string forecast;
};
StudyTexts TextsOf(const rollout::Rollout& rollout, const sim::Scenario& scenario,
                   const Study& study);
/// All of them, with empty lines between.
std::string StudyText(const rollout::Rollout& rollout, const sim::Scenario& scenario,
                      const Study& study);

/// The members of SimulationAnswer, and "deadline":{"at","met"}, "overruns":[{"task","by"}],
/// "comparison", "analysis", "forecast" (simulation_answers.h), null where there are none.
std::string StudyAnswer(const rollout::Rollout& rollout, const sim::Scenario& scenario,
                        const Study& study);

}  // namespace lockstep::api
