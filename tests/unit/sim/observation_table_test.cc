#include "core/sim/observation_table.h"

#include <gtest/gtest.h>

namespace lockstep::sim {
namespace {

std::string Mistake(std::vector<TableRow> rows) {
  const auto read = ObservationsOfTable(rows);
  return read.ok() ? "" : read.error().message;
}

TEST(ObservationTable, EachRecordIsARun) {
  const std::vector<TableRow> rows = {{},
                                      {" duration", "class", "size ", "target", "spec"},
                                      {"1.5s ", "DDL", "large", "instances/i", "a"},
                                      {""},
                                      {"2m", "", "", "", ""}};
  const auto seen = ObservationsOfTable(rows);
  ASSERT_TRUE(seen.ok()) << seen.error().message;
  ASSERT_EQ(seen->size(), 2u);
  const Observation& run = seen->front();
  EXPECT_EQ(run.duration, base::Milliseconds(1500));
  EXPECT_EQ(run.statement_class, "DDL");
  EXPECT_EQ(run.size, SheetSize::kLarge);
  EXPECT_EQ(run.target, "instances/i");
  EXPECT_EQ(run.spec, "a");
  EXPECT_FALSE(seen->back().size);
  EXPECT_TRUE(ObservationsOfTable(std::vector<TableRow>{{"duration"}})->empty());
}

TEST(ObservationTable, MistakesAreToldWithTheirPlace) {
  EXPECT_EQ(Mistake({}), "there are no names of columns");
  EXPECT_EQ(Mistake({{}, {""}}), "there are no names of columns");
  EXPECT_EQ(Mistake({{"spec"}, {"a"}}), "line 1: there is no column \"duration\"");
  EXPECT_EQ(Mistake({{""}, {"duration", "targets"}}),
            "line 2: there is no column \"targets\"; did you mean \"target\"?");
  EXPECT_EQ(Mistake({{"duration", "duration"}}), "line 1: there are two columns \"duration\"");
  EXPECT_EQ(Mistake({{"duration", "spec"}, {"1s"}}),
            "line 2: it has 1 field, and there are 2 columns");
  EXPECT_EQ(Mistake({{"duration", "size"}, {"1s", "huge"}}),
            "line 2, size: \"huge\" is no size; there are small, medium and large");
  EXPECT_EQ(Mistake({{"spec", "duration"}, {"a", "soon"}}),
            "line 2, duration: \"soon\" is not a length of time; write it like 90s, 500ms or 5m");
}

TEST(ObservationTable, LinesCountAsInAnEditor) {
  EXPECT_EQ(Mistake({{"spec", "duration"}, {"a\nb\r\nc\rd", "1s"}, {""}, {"a", "-"}}).substr(0, 8),
            "line 7, ");
}

}  // namespace
}  // namespace lockstep::sim
