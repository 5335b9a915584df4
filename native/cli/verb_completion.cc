// completion: scripts for bash and zsh, made from the same table as the help.
#include "core/base/text.h"
#include "core/diagnostics/rule.h"
#include "native/cli/settings.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::Stdout;

namespace {

std::string Joined(const std::vector<std::string_view>& words, std::string_view between = " ") {
  std::string text;
  for (std::string_view word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::string OptionNames(const Verb& verb) {
  std::vector<std::string_view> names = {"--help"};
  for (const Argument& argument : verb.arguments) {
    if (argument.name[0] == '-') names.push_back(argument.name);
  }
  return Joined(names);
}

std::string RuleNames() {
  std::vector<std::string_view> names;
  for (const diagnostics::RuleInfo& rule : diagnostics::AllRules()) {
    names.insert(names.end(), {rule.code, rule.slug});
  }
  return Joined(names);
}

/// What completes the value of an argument, in bash; ":" when nothing does.
std::string BashValue(const Argument& argument) {
  if (!argument.choices.empty()) {
    return "COMPREPLY=($(compgen -W \"" + Joined(argument.choices) + "\" -- \"$cur\"))";
  }
  switch (argument.completes) {
    case Completes::kNothing:
    case Completes::kTask:
      return ":";
    case Completes::kFile:
      return "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); compopt -o filenames";
    case Completes::kFolder:
      return "mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); compopt -o filenames";
    case Completes::kRule:
      return "COMPREPLY=($(compgen -W \"$_lockstep_rules\" -- \"$cur\"))";
    case Completes::kRollout:
      return "COMPREPLY=($(compgen -W \"$(_lockstep_rollouts)\" -- \"$cur\"))";
  }
  return ":";
}

void BashVerb(const Verb& verb, const std::string& path, std::string& out) {
  out += "    \"" + path + "\")\n";
  if (!verb.verbs.empty()) {
    std::vector<std::string_view> names;
    for (const Verb& inner : verb.verbs) names.push_back(inner.name);
    out += "      COMPREPLY=($(compgen -W \"" + Joined(names) + " --help\" -- \"$cur\")) ;;\n";
    for (const Verb& inner : verb.verbs) BashVerb(inner, path + " " + std::string(inner.name), out);
    return;
  }
  out += "      case \"$prev\" in\n";
  std::string positional = ":";
  for (const Argument& argument : verb.arguments) {
    const std::string value = BashValue(argument);
    const bool is_flag = std::holds_alternative<bool*>(argument.target);
    if (argument.name[0] != '-')
      positional = value;
    else if (!is_flag)
      out += "        " + std::string(argument.name) + ") " + value + "; return ;;\n";
  }
  out += "      esac\n      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"" +
         OptionNames(verb) + "\" -- \"$cur\"))\n      else " + positional + "\n      fi ;;\n";
}

std::string BashScript(const std::vector<Verb>& verbs) {
  std::vector<std::string_view> names, parents;
  for (const Verb& verb : verbs) {
    names.push_back(verb.name);
    if (!verb.verbs.empty()) parents.push_back(verb.name);
  }
  std::string script =
      "# bash completion for lockstep: source <(lockstep completion bash)\n"
      "_lockstep_rules=\"" +
      RuleNames() +
      "\"\n"
      "_lockstep_rollouts() { lockstep rollout list 2>/dev/null | awk 'NR > 1 { n = split($1, "
      "part, \"/\"); print part[n] }'; }\n"
      "_lockstep() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
      "verb=${COMP_WORDS[1]}\n"
      "  COMPREPLY=()\n"
      "  if (( COMP_CWORD == 1 )); then\n"
      "    COMPREPLY=($(compgen -W \"" +
      Joined(names) +
      " --help --version\" -- \"$cur\"))\n"
      "    return\n  fi\n"
      "  case \"$verb\" in " +
      Joined(parents, "|") +
      ") (( COMP_CWORD > 2 )) && verb+=\" ${COMP_WORDS[2]}\" ;; esac\n"
      "  case \"$verb\" in\n";
  for (const Verb& verb : verbs) BashVerb(verb, std::string(verb.name), script);
  return script + "  esac\n}\ncomplete -F _lockstep lockstep\n";
}

/// Inside zsh's '…' and inside the [brackets] of _arguments.
std::string ZshText(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '[' || c == ']' || c == ':')
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out;
}

std::string ZshAction(const Argument& argument) {
  if (!argument.choices.empty()) return "(" + Joined(argument.choices) + ")";
  switch (argument.completes) {
    case Completes::kFile:
      return "_files";
    case Completes::kFolder:
      return "_files -/";
    case Completes::kRule:
      return "(" + RuleNames() + ")";
    case Completes::kRollout:
      return "_lockstep_rollouts";
    default:
      return " ";
  }
}

std::string ZshArguments(const Verb& verb) {
  std::string lines = "_arguments '--help[show what it takes]'";
  for (const Argument& argument : verb.arguments) {
    const bool is_list = std::holds_alternative<std::vector<std::string>*>(argument.target);
    const std::string help = ZshText(argument.help);
    lines += " \\\n        '";
    if (argument.name[0] != '-') {
      lines += std::string(is_list ? "*" : "") + ":" + std::string(argument.name) + ":" +
               ZshAction(argument);
    } else {
      lines += (is_list ? "*" : "") + std::string(argument.name) + "[" + help + "]";
      if (!std::holds_alternative<bool*>(argument.target)) {
        lines += ":" + std::string(argument.value) + ":" + ZshAction(argument);
      }
    }
    lines += "'";
  }
  return lines;
}

std::string ZshDescriptions(const std::vector<Verb>& verbs) {
  std::string text;
  for (const Verb& verb : verbs) {
    text += "    '" + std::string(verb.name) + ":" + ZshText(verb.summary) + "'\n";
  }
  return text;
}

std::string ZshScript(const std::vector<Verb>& verbs) {
  std::string script =
      "#compdef lockstep\n"
      "# zsh completion for lockstep: source <(lockstep completion zsh), or put it into $fpath as "
      "_lockstep\n"
      "_lockstep_rollouts() {\n"
      "  local -a rollouts\n"
      "  rollouts=(${(f)\"$(lockstep rollout list 2>/dev/null | awk 'NR > 1 { n = split($1, part, "
      "\"/\"); print part[n] }')\"})\n"
      "  _describe rollout rollouts\n}\n"
      "_lockstep() {\n  local -a verbs\n  verbs=(\n" +
      ZshDescriptions(verbs) +
      "  )\n"
      "  if (( CURRENT == 2 )); then _describe verb verbs; return; fi\n"
      "  local verb=$words[2]\n  shift words; (( CURRENT-- ))\n"
      "  case $verb in\n";
  for (const Verb& verb : verbs) {
    script += "    " + std::string(verb.name) + ")\n";
    if (verb.verbs.empty()) {
      script += "      " + ZshArguments(verb) + " ;;\n";
      continue;
    }
    script += "      verbs=(\n" + ZshDescriptions(verb.verbs) +
              "      )\n"
              "      if (( CURRENT == 2 )); then _describe verb verbs; return; fi\n"
              "      verb=$words[2]; shift words; (( CURRENT-- ))\n      case $verb in\n";
    for (const Verb& inner : verb.verbs) {
      script += "        " + std::string(inner.name) + ") " + ZshArguments(inner) + " ;;\n";
    }
    script += "      esac ;;\n";
  }
  return script +
         "  esac\n}\n"
         "if [ \"$funcstack[1]\" = _lockstep ]; then _lockstep \"$@\"; else compdef _lockstep "
         "lockstep; fi\n";
}

int Completion(const std::string& shell) {
  Stdout().Write(shell == "bash" ? BashScript(AllVerbs()) : ZshScript(AllVerbs()));
  return native::kExitDone;
}

}  // namespace

Verb CompletionVerb() {
  auto shell = std::make_shared<std::string>();
  return {.name = "completion",
          .summary = "Print a completion script for bash or zsh",
          .examples =
              "  source <(lockstep completion bash)\n"
              "  lockstep completion zsh > ~/.zfunc/_lockstep\n",
          .arguments = {{.name = "SHELL",
                         .target = shell.get(),
                         .help = "whose script",
                         .choices = {"bash", "zsh"},
                         .required = true}},
          .run = [shell] { return Completion(*shell); }};
}

}  // namespace lockstep::cli
