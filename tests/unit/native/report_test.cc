// Reports for people: columns, cut texts, what must not reach a terminal, the live area.
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/view/labels.h"
#include "native/report/live_area.h"
#include "native/report/table.h"

namespace lockstep::report {
namespace {

using base::Printable;
using base::Shorten;
using view::DatabaseLabel;
using view::SpecLabel;
using view::StageLabel;
using view::WaitingLabel;

TEST(Table, ColumnsAreAsWideAsWhatIsSeen) {
  Table table({Table::Align::kRight, Table::Align::kLeft, Table::Align::kLeft});
  table.Row({"#", "NAME", "NOTE"});
  table.Row({"10", "\x1b[31mré\x1b[0m", "x"});
  table.Row({"a line of its own, wider than all"});
  table.Row({"2", "東京都", ""});
  EXPECT_EQ(table.Text(),
            " #  NAME    NOTE\n"
            "10  \x1b[31mré\x1b[0m      x\n"
            "a line of its own, wider than all\n"
            " 2  東京都\n");
}

TEST(Shorten, CutsByColumnsAndNeverInACharacter) {
  EXPECT_EQ(Shorten("short", 5), "short");
  EXPECT_EQ(Shorten("longer", 5), "long…");
  EXPECT_EQ(Shorten("東京都", 5), "東京…");
  EXPECT_EQ(Shorten("東京都", 4), "東…");
  EXPECT_EQ(Shorten("ab", 1), "…");
  EXPECT_EQ(Shorten("ab", 0), "");
}

TEST(Printable, NothingSteersTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[2J\tb\nc\x7f"), "a?[2J b c?");
  EXPECT_EQ(Printable("größe"), "größe");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "?31m");  // C1 CSI in UTF-8
}

rollout::Rollout TwoTasks() {
  rollout::Rollout rollout;
  rollout.instances.push_back({"instances/prod", 10});
  rollout.databases.push_back({"instances/prod/databases/hr", rollout::InstanceIndex(0)});
  rollout.spec_ids = {"083c1c01-a0a6-485d-ae60-d6de2760ca4f", "add-phone"};
  rollout.stages.push_back({"step 1", "", {rollout::TaskIndex(0), rollout::TaskIndex(2)}});
  for (std::uint32_t i = 0; i < 2; ++i) {
    rollout::Task task;
    task.stage = rollout::StageIndex(0);
    task.spec = i;
    task.database = rollout::DatabaseIndex(0);
    task.instance = rollout::InstanceIndex(0);
    rollout.tasks.push_back(task);
  }
  return rollout;
}

TEST(Labels, AreShortWhereNothingIsLost) {
  const rollout::Rollout rollout = TwoTasks();
  EXPECT_EQ(SpecLabel(rollout, rollout::TaskIndex(0)), "083c1c01");
  EXPECT_EQ(SpecLabel(rollout, rollout::TaskIndex(1)), "add-phone");
  EXPECT_EQ(DatabaseLabel(rollout, rollout::TaskIndex(1)), "prod/hr");
  EXPECT_EQ(StageLabel(rollout, rollout::StageIndex(0)), "stage 1 (step 1)");
  EXPECT_EQ(
      WaitingLabel(rollout, {rollout::WaitingCause::kDependency, rollout::TaskIndex(0), {}, true}),
      "blocked by task 1");
  EXPECT_EQ(WaitingLabel(rollout, {}), "");
}

TEST(LiveArea, TakesItsOwnLinesBackAndNoOthers) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Output output(ends[1]);  // no terminal: 80 columns
  LiveArea live(output);
  live.Show("stays\n", {"one", std::string(100, 'x')});
  live.Show("", {"two"});
  live.Show("end\n", {});
  live.Show("", {});
  close(ends[1]);
  char buffer[1024];
  const ssize_t count = read(ends[0], buffer, sizeof buffer);
  close(ends[0]);
  EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(count)),
            "stays\none\n" + std::string(100, 'x') + "\n" +
                "\x1b[3A\r\x1b[Jtwo\n"  // the long line took two rows
                "\x1b[1A\r\x1b[Jend\n");
}

}  // namespace
}  // namespace lockstep::report
