#include "native/cli/verb.h"

namespace lockstep::cli {

std::vector<Verb> AllVerbs() {
  return {ValidateVerb(),   SimulateVerb(), DiffVerb(),    LearnVerb(),     RenderVerb(),
          RunVerb(),        ResumeVerb(),   RetryVerb(),   SkipVerb(),      CancelVerb(),
          StatusVerb(),     LogsVerb(),     EventsVerb(),  IssueVerb(),     PlanVerb(),
          SheetVerb(),      RolloutVerb(),  CompareVerb(), ServeVerb(),     StatementsVerb(),
          ConvertVerb(),    ImportVerb(),   RulesVerb(),   ExplainVerb(),   SchemaVerb(),
          DoctorVerb(),     CompletionVerb()};
}

}  // namespace lockstep::cli
