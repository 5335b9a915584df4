#include "native/cli/verb.h"

namespace lockstep::cli {

std::vector<Verb> AllVerbs() {
  return {ValidateVerb(),   SimulateVerb(), DiffVerb(),      LearnVerb(),   RenderVerb(),
          RunVerb(),        ResumeVerb(),   RetryVerb(),     SkipVerb(),    CancelVerb(),
          StatusVerb(),     LogsVerb(),     EventsVerb(),    RolloutVerb(), CompareVerb(),
          StatementsVerb(), ConvertVerb(),  ImportVerb(),    RulesVerb(),   ExplainVerb(),
          SchemaVerb(),     DoctorVerb(),   CompletionVerb()};
}

}  // namespace lockstep::cli
