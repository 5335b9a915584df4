// The command line itself: help, mistakes, completions, schemas, rules.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

const Words kVerbs = {"validate", "simulate", "run",    "resume",     "retry",      "skip",
                      "cancel",   "status",   "logs",   "events",     "statements", "rules",
                      "explain",  "schema",   "doctor", "completion", "convert",    "import"};

TEST(Usage, HelpNamesEveryVerbAndEveryVerbHasAnExample) {
  Folder folder;
  const Ended help = Lockstep(folder, {"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.err, "");
  for (const std::string& verb : kVerbs) {
    EXPECT_TRUE(Has(help.out, "\n  " + verb)) << verb;
    const Ended own = Lockstep(folder, {verb, "--help"});
    EXPECT_EQ(own.code, 0) << verb;
    EXPECT_TRUE(Has(own.out, "lockstep " + verb)) << own.out;
    EXPECT_TRUE(Has(own.out, "Examples:")) << verb;
  }
  EXPECT_TRUE(Has(Lockstep(folder, {"rollout", "list", "--help"}).out, "lockstep rollout list"));
}

TEST(Usage, VersionIsOneLine) {
  Folder folder;
  const Ended version = Lockstep(folder, {"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out.rfind("lockstep ", 0), 0u);
  EXPECT_EQ(version.out.find('\n'), version.out.size() - 1);
}

// An empty file instead of the library: nothing else needs it.
TEST(Usage, TheLibraryOfASharedLedgerIsNamedWhenItIsMissing) {
  Folder folder;
  folder.Write("lib/libpq.so.5", "");
  const Environment without = {{"LD_LIBRARY_PATH", folder / "lib"}};
  const Ended status = Lockstep(
      folder, {"status", "--ledger", "postgresql://somebody@localhost/ledger"}, "", without);
  EXPECT_EQ(status.code, 5) << status.out << status.err;
  EXPECT_TRUE(Has(status.err, "libpq5")) << status.err;
  EXPECT_EQ(Lockstep(folder, {"--version"}, "", without).code, 0);
}

TEST(Usage, HelpIsAskedForByAWordToo) {
  Folder folder;
  const std::pair<Words, Words> same[] = {{{"help"}, {"--help"}},
                                          {{"help", "run"}, {"run", "--help"}},
                                          {{"help", "issue", "run"}, {"issue", "run", "--help"}}};
  for (const auto& [word, option] : same) {
    const Ended help = Lockstep(folder, word);
    EXPECT_EQ(help.code, 0) << help.err;
    EXPECT_EQ(help.out, Lockstep(folder, option).out);
  }
}

TEST(Usage, MistakesAreToldWithTheWayOut) {
  Folder folder;
  folder.Write("plan.json", "{}");
  struct Case {
    Words words;
    std::string said;
  };
  const Case cases[] = {
      {{}, "validate"},
      {{"validat", "plan.json"}, "did you mean \"validate\""},
      {{"frobnicate"}, "there is no verb \"frobnicate\""},
      {{"validate"}, "PLAN"},
      {{"validate", "plan.json", "--fromat", "json"}, "did you mean \"--format\""},
      {{"validate", "--formt=json", "plan.json"}, "did you mean \"--format\""},
      {{"validate", "plan.json", "--format", "jsn"}, "did you mean \"json\""},
      {{"validate", "missing.json"}, "No such file"},
      {{"validate", "--", "--missing.json"}, "\"--missing.json\": No such file"},
      {{"help", "validat"}, "did you mean \"validate\""},
      {{"doctor", "missing.json"}, "there is no \"missing.json\""},
      {{"validate", "."}, "directory"},
      {{"validate", "plan.json", "--rule", "nonsense=off"}, "there is no rule \"nonsense\""},
      {{"validate", "plan.json", "--rule", "LS001=loud"}, "LS001=loud"},
      {{"validate", "plan.json", "--inventory", "none.json"}, "none.json"},
      {{"validate", "plan.json", "--sheets", "none"}, "none"},
      {{"validate", "plan.json", "--semantics", "documentd"}, "did you mean \"documented\""},
      {{"simulate", "plan.json", "extra.json"}, "unexpected argument \"extra.json\""},
      {{"simulate", "plan.json", "--parallel", "-3"}, "whole number"},
      {{"simulate", "plan.json", "--parallel", "99999999999"}, "whole number"},
      {{"simulate", "plan.json", "--start", "tomorrow"}, "tomorrow"},
      {{"simulate", "plan.json", "--compare", "--explain"}, "without --explain"},
      {{"simulate", "plan.json", "--runs", "9", "--format", "svg"}, "not as svg"},
      {{"simulate", "plan.json", "--scenario", "none.json"}, "none.json"},
      {{"run", "plan.json", "--task-timeout", "soon"}, "--task-timeout"},
      {{"run", "plan.json", "--client", "sqlite"}, "--client"},
      {{"statements", "plan.json", "--engine", "POSTGRE"}, "did you mean \"POSTGRES\""},
      {{"statements", "plan.json"}, "--engine"},
      {{"explain", "LS0011"}, "there is no rule"},
      {{"schema", "plann"}, "did you mean \"plan\""},
      {{"completion", "fish"}, "bash, zsh"},
      {{"skip", "--task", "1"}, "--reason"},
      {{"rollout", "lits"}, "did you mean \"list\""},
      {{"rollout"}, "list"},
      {{"status"}, ".lockstep/ledger.db"},
      {{"resume"}, ".lockstep/ledger.db"},
      {{"status", "--ledger", ":memory:"}, "\":memory:\" is no kind of ledger"},
      {{"status", "--ledger", "mysql://me:secret@host/db"}, "\"mysql\" is no kind of ledger"},
  };
  for (const Case& one : cases) {
    const Ended ended = Lockstep(folder, one.words);
    EXPECT_EQ(ended.code, 2) << testing::PrintToString(one.words);
    EXPECT_EQ(ended.out, "") << testing::PrintToString(one.words);
    EXPECT_TRUE(Has(ended.err, one.said)) << testing::PrintToString(one.words) << ": " << ended.err;
  }
}

TEST(Usage, FullDiskIsToldAndClosedPipeIsNot) {
  Folder folder;
  const Ended full =
      RunProgram(folder, {"sh", "-c", std::string(LOCKSTEP_PROGRAM) + " rules > /dev/full"});
  EXPECT_EQ(full.code, 5);
  EXPECT_TRUE(Has(full.err, "standard output")) << full.err;
  const Ended head = RunProgram(folder, {"sh", "-c",
                                         "(" + std::string(LOCKSTEP_PROGRAM) +
                                             " rules --format json; echo $? > code) | head -c 10"});
  EXPECT_EQ(head.err, "");
  EXPECT_EQ(folder.Read("code"), "0\n");
}

TEST(Rules, EveryRuleCanBeExplained) {
  Folder folder;
  const Ended rules = Lockstep(folder, {"rules"});
  EXPECT_EQ(rules.code, 0);
  std::istringstream lines(rules.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line.rfind("CODE", 0), 0u);
  int count = 0;
  while (std::getline(lines, line)) {
    const std::string code = line.substr(0, line.find(' '));
    if (++count % 10 != 0) continue;  // a process each: every tenth says enough
    const Ended explained = Lockstep(folder, {"explain", code});
    EXPECT_EQ(explained.code, 0) << code;
    EXPECT_TRUE(Has(explained.out, code));
  }
  EXPECT_GE(count, 45);
  EXPECT_TRUE(Has(Lockstep(folder, {"explain", "ls001", "--format", "json"}).out,
                  "\"slug\": \"invalid-json\""));
  EXPECT_EQ(Lockstep(folder, {"explain", "ls001"}).out,
            Lockstep(folder, {"explain", "invalid-json"}).out);
}

TEST(Schema, ListsAndPrints) {
  Folder folder;
  const Ended names = Lockstep(folder, {"schema"});
  EXPECT_EQ(names.code, 0);
  for (const char* name : {"plan", "inventory", "scenario", "event", "api"}) {
    EXPECT_TRUE(Has("\n" + names.out, "\n" + std::string(name) + "\n")) << name;
    const Ended schema = Lockstep(folder, {"schema", name});
    EXPECT_EQ(schema.code, 0);
    EXPECT_TRUE(Has(schema.out, "\"$schema\"")) << name;
  }
}

TEST(Completion, BashCompletesVerbsOptionsChoicesAndFiles) {
  Folder folder;
  folder.Write("c.bash", Lockstep(folder, {"completion", "bash"}).out);
  folder.Write("my plan.json", "{}");
  const auto complete = [&](const std::string& words) {
    // As bash calls it: COMP_WORDS, COMP_CWORD, then the function; compopt works only in a real
    // completion.
    const Ended ended =
        RunProgram(folder, {"bash", "--noprofile", "--norc", "-c",
                            "set -eu; compopt() { :; }; source c.bash; COMP_WORDS=(" + words +
                                "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lockstep; printf "
                                "'%s,' \"${COMPREPLY[@]}\""});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
    return "," + ended.out;
  };
  EXPECT_TRUE(Has(complete("lockstep val"), ",validate,"));
  EXPECT_TRUE(Has(complete("lockstep validate --le"), ",--lenient,"));
  EXPECT_TRUE(Has(complete("lockstep validate --format sa"), ",sarif,"));
  EXPECT_TRUE(Has(complete("lockstep rollout li"), ",list,"));
  EXPECT_TRUE(Has(complete("lockstep issue appr"), ",approve,"));
  EXPECT_TRUE(Has(complete("lockstep rollout list --le"), ",--ledger,"));
  EXPECT_TRUE(Has(complete("lockstep explain LS00"), ",LS001,"));
  EXPECT_TRUE(Has(complete("lockstep run my"), "my plan.json")) << complete("lockstep run my");
}

TEST(Completion, ZshScriptIsSound) {
  Folder folder;
  const Ended script = Lockstep(folder, {"completion", "zsh"});
  EXPECT_EQ(script.code, 0);
  EXPECT_EQ(script.out.rfind("#compdef lockstep\n", 0), 0u);
  if (RunProgram(folder, {"sh", "-c", "command -v zsh"}).code != 0) GTEST_SKIP() << "no zsh here";
  folder.Write("_lockstep", script.out);
  const Ended parsed = RunProgram(folder, {"zsh", "-f", "-n", "_lockstep"});
  EXPECT_EQ(parsed.code, 0) << parsed.err;
  const Ended sourced = RunProgram(
      folder, {"zsh", "-f", "-c",
               "autoload -U compinit; compinit -u; source ./_lockstep; whence -w _lockstep"});
  EXPECT_EQ(sourced.out, "_lockstep: function\n") << sourced.err;
}

}  // namespace
}  // namespace lockstep::e2e
