#include "core/sim/observation_table.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"

namespace lockstep::sim {
namespace {

using base::Error;
using base::ErrorCode;
using base::Quote;
using base::Result;

constexpr std::string_view kColumns[] = {"spec", "target", "class", "size", "duration"};
constexpr std::string_view kSpaces = " \t";  // that people and spreadsheets put around fields

bool IsEmpty(const TableRow& row) {
  return row.empty() || (row.size() == 1 && base::Trim(row[0], kSpaces).empty());
}

/// Line ends inside quotes: "\n", "\r\n" or "\r".
std::size_t LineEndsIn(const TableRow& row) {
  std::size_t ends = 0;
  for (const std::string& field : row) {
    for (std::size_t i = 0; i < field.size(); ++i)
      ends += field[i] == '\n' || (field[i] == '\r' && field.substr(i + 1, 1) != "\n");
  }
  return ends;
}

class TableReader {
 public:
  explicit TableReader(std::span<const TableRow> rows) : rows_(rows) {}

  Result<std::vector<Observation>> Read() {
    for (; at_ < rows_.size(); ++at_) {
      const TableRow& row = rows_[at_];
      if (!IsEmpty(row)) columns_.empty() ? ReadNames(row) : ReadRun(row);
      if (problem_) return *problem_;
    }
    if (columns_.empty())
      return Error{ErrorCode::kInvalidArgument, "there are no names of columns"};
    return std::move(observations_);
  }

 private:
  void Fail(std::string message) { Fail("", std::move(message)); }
  void Fail(std::string_view column, std::string message) {
    std::string place = "line " + std::to_string(LineOf(rows_, at_));
    if (!column.empty()) place += ", " + std::string(column);
    problem_ = Error{ErrorCode::kInvalidArgument, place + ": " + std::move(message)};
  }

  void ReadNames(const TableRow& row) {
    for (const std::string& field : row) {
      const std::string_view name = base::Trim(field, kSpaces);
      const auto known = std::find(std::begin(kColumns), std::end(kColumns), name);
      if (known == std::end(kColumns)) {
        const std::string_view nearest = base::Nearest(name, kColumns);
        return Fail("there is no column " + Quote(name) +
                    (nearest.empty() ? "; there are spec, target, class, size and duration"
                                     : "; did you mean " + Quote(nearest) + "?"));
      }
      if (HasColumn(name)) return Fail("there are two columns " + Quote(name));
      columns_.push_back(*known);
    }
    if (!HasColumn("duration")) Fail("there is no column \"duration\"");
  }

  bool HasColumn(std::string_view name) const {
    return std::find(columns_.begin(), columns_.end(), name) != columns_.end();
  }

  void ReadRun(const TableRow& row) {
    if (row.size() != columns_.size()) {
      return Fail("it has " + base::Plural(row.size(), "field") + ", and there are " +
                  base::Plural(columns_.size(), "column"));
    }
    Observation seen{};
    for (std::size_t i = 0; i < row.size(); ++i)
      ReadField(columns_[i], base::Trim(row[i], kSpaces), seen);
    observations_.push_back(std::move(seen));
  }

  void ReadField(std::string_view column, std::string_view field, Observation& seen) {
    if (column == "spec") seen.spec = field;
    if (column == "target") seen.target = field;
    if (column == "class") seen.statement_class = field;
    if (column == "size" && !field.empty()) {
      seen.size = FindSheetSize(field);
      if (!seen.size) Fail(column, Quote(field) + " is no size; there are small, medium and large");
    }
    if (column == "duration") {
      const auto duration = base::ParseDuration(field);
      if (duration) seen.duration = *duration;
      if (!duration)
        Fail(column, Quote(field) + " is not a length of time; write it like 90s, 500ms or 5m");
    }
  }

  std::span<const TableRow> rows_;
  std::size_t at_ = 0;
  std::vector<std::string_view> columns_;
  std::vector<Observation> observations_;
  std::optional<Error> problem_;
};

}  // namespace

std::size_t LineOf(std::span<const TableRow> rows, std::size_t row) {
  std::size_t line = 1;
  for (const TableRow& before : rows.first(row)) line += 1 + LineEndsIn(before);
  return line;
}

Result<std::vector<Observation>> ObservationsOfTable(std::span<const TableRow> rows) {
  return TableReader(rows).Read();
}

}  // namespace lockstep::sim
