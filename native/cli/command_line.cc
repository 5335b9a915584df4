#include "native/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <memory>
#include <span>

#include "core/base/text.h"
#include "native/cli/verb.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::ErrorText;
using report::Stderr;
using report::Stdout;
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes: 0 done, 1 findings or a failed task, 2 usage, 3 plan invalid, 4 a task in doubt,\n"
    "5 lock or target unavailable, 6 refused, 75 nothing may start yet, 130/143 interrupted.\n";

std::string DidYouMean(std::string_view text, const std::vector<std::string_view>& candidates) {
  const std::string_view nearest = base::Nearest(text, candidates);
  return nearest.empty() ? "" : "; did you mean " + base::Quote(nearest) + "?";
}

std::string List(const std::vector<std::string_view>& words) {
  std::string list;
  for (std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

/// CLI11 calls this with each value; what it returns is the error, after the option's name.
std::string CheckChoice(const std::vector<std::string_view>& choices, const std::string& value) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return "";
  return base::Quote(value) + " is not one of " + List(choices) + DidYouMean(value, choices);
}

std::uint32_t ParseNumber(std::string_view name, const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw CLI::ValidationError(std::string(name), base::Quote(text) + " is not a whole number");
  }
  return number;
}

CLI::Option* AddOption(CLI::App& app, const Argument& argument) {
  const std::string name = (argument.letter.empty() ? "" : std::string(argument.letter) + ",") +
                           std::string(argument.name);
  std::string help(argument.help);
  if (!argument.choices.empty()) help += ": " + List(argument.choices);
  if (auto* flag = std::get_if<bool*>(&argument.target)) return app.add_flag(name, **flag, help);
  if (auto* text = std::get_if<std::string*>(&argument.target))
    return app.add_option(name, **text, help);
  if (auto* list = std::get_if<std::vector<std::string>*>(&argument.target)) {
    CLI::Option* option = app.add_option(name, **list, help);
    return argument.name[0] == '-' ? option->allow_extra_args(false) : option;
  }
  if (auto* text = std::get_if<std::optional<std::string>*>(&argument.target)) {
    return app.add_option_function<std::string>(
        name, [target = *text](const std::string& value) { *target = value; }, help);
  }
  auto* target = std::get<std::optional<std::uint32_t>*>(argument.target);
  return app.add_option_function<std::string>(
      name,
      [target, name = argument.name](const std::string& value) {
        *target = ParseNumber(name, value);
      },
      help);
}

void AddArgument(CLI::App& app, const Argument& argument) {
  CLI::Option* option = AddOption(app, argument);
  option->required(argument.required);
  if (!std::holds_alternative<bool*>(argument.target)) {
    option->type_name(argument.name[0] == '-' ? std::string(argument.value) : "");
  }
  if (!argument.choices.empty()) {
    option->check(CLI::Validator(
        [choices = argument.choices](const std::string& value) {
          return CheckChoice(choices, value);
        },
        ""));
  }
}

/// What the user does not name needs no more than its line in the help: to tell CLI11 of every
/// option would take longer than most verbs do.
void AddVerb(CLI::App& parent, const Verb& verb, std::span<const std::string> words) {
  CLI::App* app = parent.add_subcommand(std::string(verb.name), std::string(verb.summary));
  if (std::find(words.begin(), words.end(), verb.name) == words.end()) return;
  app->allow_extras();  // Main tells what they are
  app->require_subcommand(0, 1);
  app->footer(verb.examples.empty() ? "" : "Examples:\n" + std::string(verb.examples));
  for (const Argument& argument : verb.arguments) AddArgument(*app, argument);
  for (const Verb& inner : verb.verbs) AddVerb(*app, inner, words);
}

/// The verb that the words name, and the CLI11 app that parsed it.
const Verb* Chosen(const std::vector<Verb>& verbs, CLI::App*& app) {
  for (CLI::App* sub : app->get_subcommands()) {
    for (const Verb& verb : verbs) {
      if (verb.name != sub->get_name()) continue;
      app = sub;
      const Verb* inner = Chosen(verb.verbs, app);
      return inner != nullptr ? inner : &verb;
    }
  }
  return nullptr;
}

int Usage(const std::string& message, std::string_view verb) {
  const std::string help =
      verb.empty() ? "lockstep --help" : "lockstep " + std::string(verb) + " --help";
  Stderr().Write("lockstep: " + message + "\n" + help + " shows what there is.\n");
  return native::kExitUsage;
}

int UnknownVerb(const std::vector<Verb>& verbs, std::string_view word, std::string_view parent) {
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs) names.push_back(verb.name);
  return Usage("there is no verb " + base::Quote(word) + DidYouMean(word, names), parent);
}

int Unexpected(const Verb& verb, const std::string& word) {
  if (word.empty() || word[0] != '-') {
    return Usage("unexpected argument " + base::Quote(word), verb.name);
  }
  std::vector<std::string_view> names = {"--help"};
  for (const Argument& argument : verb.arguments) {
    if (argument.name[0] == '-') names.push_back(argument.name);
  }
  const std::string name = word.substr(0, word.find('='));
  return Usage("there is no option " + base::Quote(name) + DidYouMean(name, names), verb.name);
}

/// What no option or argument took; "--", behind which all are arguments, is nobody's.
std::vector<std::string> Extras(const CLI::App& root) {
  std::vector<std::string> extras = root.remaining(true);
  const auto mark = std::find(extras.begin(), extras.end(), "--");
  if (mark != extras.end()) extras.erase(mark);
  return extras;
}

/// CLI11 writes "Usage: list" for `lockstep rollout list` unless it is told what stands before.
std::string Help(CLI::App& app) {
  std::string before;
  for (CLI::App* at = app.get_parent(); at != nullptr; at = at->get_parent()) {
    before = at->get_name() + (before.empty() ? "" : " ") + before;
  }
  return app.help(before);
}

int Run(const std::vector<Verb>& verbs, CLI::App& root) {
  CLI::App* app = &root;
  const Verb* verb = Chosen(verbs, app);
  const std::vector<std::string> extras = Extras(root);
  if (verb == nullptr || !verb->run) {
    if (!extras.empty() && extras[0][0] != '-') {
      return UnknownVerb(verb == nullptr ? verbs : verb->verbs, extras[0],
                         verb == nullptr ? "" : verb->name);
    }
    if (!extras.empty()) return Usage("there is no option " + base::Quote(extras[0]), "");
    Stderr().Write(Help(*app));
    return native::kExitUsage;
  }
  if (!extras.empty()) return Unexpected(*verb, extras[0]);
  return verb->run();
}

/// `lockstep help run` is `lockstep run --help`: so it is with git, cargo and docker.
std::vector<std::string> WordsOf(int argc, char** argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  return words;
}

int Parse(const std::vector<Verb>& verbs, CLI::App& root, std::span<const std::string> words) {
  try {
    root.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // it takes them backwards
  } catch (const CLI::CallForHelp&) {
    CLI::App* app = &root;
    if (Chosen(verbs, app) == nullptr && !words[0].starts_with('-'))
      return UnknownVerb(verbs, words[0], "");
    Stdout().Write(Help(*app));
    return 0;
  } catch (const CLI::CallForVersion& version) {
    Stdout().Write(std::string(version.what()) + "\n");
    return 0;
  } catch (const CLI::ParseError& error) {
    CLI::App* app = &root;
    const Verb* verb = Chosen(verbs, app);
    // A misspelt option often shows as another's missing value: tell the cause first.
    for (const std::string& word : Extras(root)) {
      if (verb != nullptr && word.size() > 1 && word[0] == '-') return Unexpected(*verb, word);
    }
    return Usage(error.what(), verb == nullptr ? "" : verb->name);
  }
  return Run(verbs, root);
}

}  // namespace

int Main(int argc, char** argv) {
  // A reader that goes away (| head) must not kill a rollout: writes fail with EPIPE instead.
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<Verb> verbs = AllVerbs();
  CLI::App root("Lockstep checks, simulates and runs database change plans.", "lockstep");
  root.set_version_flag("--version", "lockstep " LOCKSTEP_VERSION);
  root.footer(std::string(kExitCodes));
  root.allow_extras();
  root.require_subcommand(0, 1);  // `lockstep schema plan`: a word behind a verb is no verb
  const auto formatter = root.get_formatter();
  formatter->column_width(30);
  formatter->label("SUBCOMMAND", "VERB");
  formatter->label("Subcommands", "Verbs");
  formatter->label("Positionals", "Arguments");
  formatter->label("REQUIRED", "(required)");
  const std::vector<std::string> words = WordsOf(argc, argv);
  for (const Verb& verb : verbs) AddVerb(root, verb, words);
  const int code = Parse(verbs, root, words);
  if (const int error = Stdout().error(); error != 0) {
    Stderr().Write("lockstep: can't write to standard output: " + ErrorText(error) + "\n");
    return code == 0 ? native::kExitUnavailable : code;
  }
  return code;
}

}  // namespace lockstep::cli
