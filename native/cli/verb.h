// Verb: one word of the command line, as data: what it takes, what it is for, what it does. The
// parser, the help and the shell completions are all made from this, so they cannot disagree.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lockstep::cli {

/// What a value is, for completion.
enum class Completes { kNothing, kFile, kFolder, kTask, kRollout, kRule };

using Target = std::variant<bool*, std::string*, std::optional<std::string>*,
                            std::vector<std::string>*, std::optional<std::uint32_t>*>;

/// "--format" is an option, "--lenient" with a bool* a flag, "PLAN" a positional. A vector takes
/// several.
struct Argument {
  std::string_view name;
  Target target;
  std::string_view help;
  std::string_view value = {};  ///< how the value is called in the help: "FILE"
  std::vector<std::string_view> choices = {};
  Completes completes = Completes::kNothing;
  bool required = false;
  std::string_view letter = {};  ///< "-o": the short form of an option
};

struct Verb {
  std::string_view name;
  std::string_view summary;   ///< one line of `lockstep --help`
  std::string_view examples;  ///< lines of `lockstep VERB --help`
  std::vector<Argument> arguments = {};
  std::function<int()> run = nullptr;  ///< the exit code (native/runner.h, ExitCode)
  std::vector<Verb> verbs = {};        ///< `lockstep rollout list`: then `run` is empty
};

// One function per family; each is in its own file. Order here is the order of the help.
std::vector<Verb> AllVerbs();
Verb ValidateVerb();
Verb SimulateVerb();
Verb DiffVerb();
Verb LearnVerb();
Verb CompareVerb();
Verb RenderVerb();
Verb RunVerb();
Verb ResumeVerb();
Verb RetryVerb();
Verb SkipVerb();
Verb CancelVerb();
Verb StatusVerb();
Verb LogsVerb();
Verb EventsVerb();
Verb StatementsVerb();
Verb ConvertVerb();
Verb ImportVerb();
Verb RulesVerb();
Verb ExplainVerb();
Verb SchemaVerb();
Verb DoctorVerb();
Verb SheetVerb();
Verb PlanVerb();
Verb RolloutVerb();
Verb IssueVerb();
Verb ServeVerb();
Verb CompletionVerb();

}  // namespace lockstep::cli
