#include "native/observations.h"

#include <csv.h>

#include <memory>

#include "core/sim/learn.h"
#include "native/connection/read_file.h"
#include "native/stored_rollout.h"

namespace lockstep::native {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint64_t kLargestTable = 256ull << 20;

using Row = std::vector<std::string>;

/// libcsv hands over fields and ends of rows one by one. `broken`: what comes behind the rows is no
/// CSV.
struct Table {
  std::vector<Row> rows;
  bool broken = false;
};

Table ParseTable(const std::string& text) {
  csv_parser parser;
  Table table;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
    table.broken = true;
    return table;
  }
  table.rows.emplace_back();
  const auto on_field = [](void* field, std::size_t size, void* to) {
    static_cast<Table*>(to)->rows.back().emplace_back(static_cast<const char*>(field), size);
  };
  const auto on_row = [](int, void* to) { static_cast<Table*>(to)->rows.emplace_back(); };
  table.broken =
      csv_parse(&parser, text.data(), text.size(), on_field, on_row, &table) != text.size() ||
      csv_fini(&parser, on_field, on_row, &table) != 0;
  csv_free(&parser);
  if (!table.broken && table.rows.back().empty()) table.rows.pop_back();
  return table;
}

}  // namespace

Result<Observed> ObserveLedger(const std::string& where) {
  auto ledger = ledger::Ledger::Open(where, ledger::Ledger::Mode::kRead);
  if (!ledger.ok()) return ledger.error();
  const auto records = (*ledger)->List();
  if (!records.ok()) return records.error();
  Observed observed;
  for (const ledger::RolloutRecord& record : *records) {
    const auto stored = StoredRollout::Load(**ledger, record);
    if (!stored.ok()) {
      observed.notices.push_back(stored.error().message);
      continue;
    }
    auto seen = sim::ObservationsOf((*stored)->rollout(), (*stored)->events());
    observed.rollouts += !seen.empty();
    observed.observations.insert(observed.observations.end(), std::make_move_iterator(seen.begin()),
                                 std::make_move_iterator(seen.end()));
  }
  return observed;
}

Result<std::vector<sim::Observation>> ReadObservations(const std::string& path) {
  const auto text = connection::ReadFile(path, kLargestTable);
  if (!text.ok()) return text.error();
  const Table table = ParseTable(*text);
  const auto wrong = [&](std::size_t row, std::string message) {
    return Error{ErrorCode::kInvalidArgument,
                 path + ": row " + std::to_string(row + 1) + ": " + std::move(message)};
  };
  if (table.broken)
    return wrong(table.rows.size() - 1, "a quote is not closed, or stands inside a field");
  if (table.rows.empty()) return wrong(0, "there are no names of columns");
  const Row& columns = table.rows.front();
  std::vector<sim::Observation> observations;
  for (std::size_t row = 1; row < table.rows.size(); ++row) {
    const Row& fields = table.rows[row];
    if (fields.size() != columns.size()) {
      return wrong(row, "it has " + std::to_string(fields.size()) + " fields, and there are " +
                            std::to_string(columns.size()) + " columns");
    }
    std::vector<std::pair<std::string, std::string>> named;
    for (std::size_t i = 0; i < fields.size(); ++i) named.emplace_back(columns[i], fields[i]);
    auto seen = sim::ObservationOf(named);
    if (!seen.ok()) return wrong(row, seen.error().message);
    observations.push_back(std::move(*seen));
  }
  return observations;
}

}  // namespace lockstep::native
