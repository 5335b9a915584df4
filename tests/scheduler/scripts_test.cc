// Plays every script, and holds the scripts together against the documents.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include "core/rollout/task_run.h"
#include "tests/scheduler/player.h"
#include "tests/scheduler/script.h"

namespace lockstep::scheduler_test {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = LOCKSTEP_SOURCE_DIR "/tests/scheduler/scripts/";

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> Scripts() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Indented(const std::string& answer) {
  std::string text;
  std::istringstream lines(answer);
  for (std::string line; std::getline(lines, line);) text += "  " + line + "\n";
  return text;
}

std::string Play(const std::string& text) {
  std::string played;
  Setup setup;
  std::optional<Player> player;
  for (const Line& line : ReadScript(text)) {
    if (line.kind == Line::Kind::kSetup) {
      player.reset();  // an option after commands: the same plan from the start
      const std::optional<std::string> problem = setup.Add(line.text);
      EXPECT_FALSE(problem) << "line " << line.number << ": " << *problem;
    }
    played += (line.kind == Line::Kind::kCommand ? "> " : "") + line.text + "\n";
    if (line.kind != Line::Kind::kCommand) continue;
    SCOPED_TRACE("line " + std::to_string(line.number));
    if (!player) player.emplace(setup);
    played += Indented(player->Do(line.text));
  }
  return played;
}

class SchedulerScript : public testing::TestWithParam<std::string> {};

TEST_P(SchedulerScript, SaysWhatItSaid) {
  const std::string path = kFolder + GetParam() + ".txt";
  const std::string expected = ReadFile(path);
  const std::string played = Play(expected);
  if (std::getenv("LOCKSTEP_UPDATE") != nullptr) {
    std::ofstream(path, std::ios::binary) << played;
  } else {
    EXPECT_EQ(played, expected);
  }
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, SchedulerScript, testing::ValuesIn(Scripts()), TestName);

// ---- all scripts together ----

/// The comment at the top: what a script proves.
std::string HeaderOf(const std::string& script) {
  std::string header;
  for (const Line& line : ReadScript(ReadFile(kFolder + script + ".txt"))) {
    if (line.kind != Line::Kind::kText || line.text.empty()) break;
    header += line.text + "\n";
  }
  return header;
}

std::string AllHeaders() {
  std::string headers;
  for (const std::string& script : Scripts()) headers += HeaderOf(script);
  return headers;
}

std::string AllText() {
  std::string text;
  for (const std::string& script : Scripts()) text += ReadFile(kFolder + script + ".txt");
  return text;
}

/// Whether `word` stands in `text` with nothing of a word around it: "W1" is not in "W12".
bool HasWord(const std::string& text, const std::string& word) {
  const auto is_word = [&](std::size_t i) {
    return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i]));
  };
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !is_word(at - 1)) && !is_word(at + word.size())) return true;
  }
  return false;
}

TEST(SchedulerScripts, EachSaysWhatItProves) {
  for (const std::string& script : Scripts()) EXPECT_NE(HeaderOf(script), "") << script;
}

// The vectors of plan-semantics §11 that are about documents, where their case is; and those that
// have nothing here to be about.
struct Elsewhere {
  const char* vector;
  const char* file;
  const char* why;
};
constexpr Elsewhere kElsewhere[] = {
    {"W30", "", "there are no stored check results, and no automatic start that they could hold"},
    {"W33", "", "a plan in execution is not edited: another plan is another digest"},
    {"W34", "", "as W33"},
    {"W35", "", "as W33"},
    {"W36", "tests/corpus/bad-duplicate-field.json", "one field in both spellings"},
    {"W37", "tests/unit/plan/decode_test.cc", "enums by number, by name, in wrong case"},
    {"W38", "tests/corpus/bad-several-configs.json", "null beside a config: decode_test.cc"},
    {"W39", "tests/corpus/bad-no-steps.json", "no step"},
    {"W40", "tests/corpus/bad-empty-name-part.json", "no database in a target"},
    {"W41", "tests/corpus/bad-malformed-target.json", "a target of five parts"},
    {"W42", "tests/corpus/bad-other-project-sheet.json", "accepted, with a warning"},
    {"W43", "tests/corpus/bad-malformed-sheet-name.json", "a sheet without a number"},
    {"W44", "tests/corpus/bad-unknown-ghost-flag.json", "ignored: bad-ghost-flags-ignored.json"},
    {"W45", "", "a rollout has all stages of its plan; there is no stageId to leave some out"},
};

TEST(SchedulerScripts, EveryVectorIsSomewhere) {
  const std::string headers = AllHeaders();
  for (int i = 1; i <= 46; ++i) {
    const std::string vector = "W" + std::to_string(i);
    const auto* elsewhere =
        std::find_if(std::begin(kElsewhere), std::end(kElsewhere),
                     [&](const Elsewhere& entry) { return vector == entry.vector; });
    const bool is_elsewhere = elsewhere != std::end(kElsewhere);
    EXPECT_NE(HasWord(headers, vector), is_elsewhere) << vector;
    if (is_elsewhere) {
      EXPECT_TRUE(fs::exists(std::string(LOCKSTEP_SOURCE_DIR "/") + elsewhere->file)) << vector;
    }
  }
}

TEST(SchedulerScripts, EveryPointOfTheRunOrderHasOne) {
  const std::string headers = AllHeaders();
  for (int i = 1; i <= 6; ++i) EXPECT_TRUE(HasWord(headers, "Run order " + std::to_string(i))) << i;
}

TEST(SchedulerScripts, EveryRowOfTheTransitionTableOccurs) {
  using rollout::TaskStatus;
  using rollout::Transition;
  const std::string text = AllText();
  int rows = 0;
  for (int from = 0; from < rollout::kTaskStatusCount; ++from) {
    for (int by = 0; by < rollout::kTransitionCount; ++by) {
      const auto status = static_cast<TaskStatus>(from);
      const auto transition = static_cast<Transition>(by);
      const std::optional<TaskStatus> to = rollout::Next(status, transition);
      if (!to) continue;
      ++rows;
      const std::string row = std::string(ToString(transition)) + ": " +
                              std::string(ToString(status)) + " -> " + std::string(ToString(*to));
      EXPECT_NE(text.find(" " + row), text.npos) << row;
    }
  }
  EXPECT_GE(rows, 15);
}

TEST(SchedulerScripts, EveryCauseOfWaitingOccurs) {
  using rollout::WaitingCause;
  const std::string text = AllText();
  for (const WaitingCause cause :
       {WaitingCause::kStage, WaitingCause::kEarliestTime, WaitingCause::kDependency,
        WaitingCause::kCanary, WaitingCause::kVersion, WaitingCause::kDatabase,
        WaitingCause::kInstance, WaitingCause::kParallel, WaitingCause::kPaused,
        WaitingCause::kNotRequested}) {
    EXPECT_TRUE(HasWord(text, "waits: " + std::string(ToString(cause)))) << ToString(cause);
  }
  // A task that waits for nothing would be one that was forgotten.
  EXPECT_EQ(text.find("waits: " + std::string(ToString(WaitingCause::kNone))), text.npos);
}

}  // namespace
}  // namespace lockstep::scheduler_test
