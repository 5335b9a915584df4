#include "core/api/study.h"

#include "core/api/answers.h"
#include "core/api/simulation_answers.h"
#include "core/view/simulation_text.h"

namespace lockstep::api {

using base::JsonWriter;
using rollout::Rollout;

Study MakeStudy(const Rollout& rollout, const sim::Scenario& scenario,
                const StudyOptions& options) {
  Study study;
  study.timeline = sim::Simulate(rollout, scenario, {.keep_events = options.keep_events});
  study.overruns = sim::FindOverruns(rollout, study.timeline);
  if (sim::IsDisturbed(scenario)) {
    study.undisturbed =
        sim::Simulate(rollout, sim::Undisturbed(scenario),
                      {.keep_events = false, .keep_waits = false, .find_critical_path = false});
    study.comparison = sim::Compare(rollout, *study.undisturbed, study.timeline);
    study.remedies = sim::FindRemedies(rollout, scenario, study.timeline, study.comparison);
  }
  if (options.explain) {
    study.analysis = sim::Analyse(rollout, study.timeline);
    study.advice = sim::FindAdvice(rollout, scenario, study.timeline);
  }
  if (options.runs > 0) study.forecast = sim::MakeForecast(rollout, scenario, options.runs);
  return study;
}

bool Fits(const sim::Scenario& scenario, const sim::Timeline& timeline) {
  if (!scenario.deadline) return true;
  return timeline.status == rollout::RolloutStatus::kDone &&
         timeline.makespan() <= *scenario.deadline;
}

StudyTexts TextsOf(const Rollout& rollout, const sim::Scenario& scenario, const Study& study) {
  StudyTexts texts;
  if (study.undisturbed) {
    texts.comparison = view::ComparisonText(rollout, *study.undisturbed, study.timeline,
                                            study.comparison, study.remedies);
  }
  if (study.analysis)
    texts.analysis = view::AnalysisText(rollout, study.timeline, *study.analysis, study.advice);
  texts.deadline =
      view::OverrunText(rollout, study.overruns) + view::DeadlineText(scenario, study.timeline);
  if (study.forecast) texts.forecast = view::ForecastText(rollout, scenario, *study.forecast);
  return texts;
}

std::string StudyText(const Rollout& rollout, const sim::Scenario& scenario, const Study& study) {
  const StudyTexts texts = TextsOf(rollout, scenario, study);
  std::string text;
  for (const std::string* part :
       {&texts.comparison, &texts.analysis, &texts.deadline, &texts.forecast}) {
    if (!part->empty()) text += (text.empty() ? "" : "\n") + *part;
  }
  return text;
}

std::string StudyAnswer(const Rollout& rollout, const sim::Scenario& scenario, const Study& study) {
  return SimulationAnswer(rollout, study.timeline, [&](JsonWriter& writer) {
    writer.Key("deadline");
    if (scenario.deadline) {
      const base::Instant at = study.timeline.start + *scenario.deadline;
      writer.BeginObject().Member("at", base::FormatInstant(at));
      writer.MemberBool("met", Fits(scenario, study.timeline)).EndObject();
    } else {
      writer.Null();
    }
    writer.Key("overruns").BeginArray();
    for (const sim::Overrun& overrun : study.overruns) {
      writer.BeginObject().Member("task", rollout.TaskName(overrun.task));
      writer.Member("by", overrun.by.ms).EndObject();
    }
    writer.EndArray().Key("comparison");
    if (study.undisturbed) {
      WriteComparison(writer, rollout, *study.undisturbed, study.timeline, study.comparison,
                      study.remedies);
    } else {
      writer.Null();
    }
    writer.Key("analysis");
    study.analysis ? WriteAnalysis(writer, rollout, *study.analysis, study.advice)
                   : void(writer.Null());
    writer.Key("forecast");
    study.forecast ? WriteForecast(writer, rollout, scenario, *study.forecast)
                   : void(writer.Null());
  });
}

}  // namespace lockstep::api
