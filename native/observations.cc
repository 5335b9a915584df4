#include "native/observations.h"

#include <csv.h>

#include <memory>

#include "core/sim/observation_table.h"
#include "native/connection/read_file.h"
#include "native/stored_rollout.h"

namespace lockstep::native {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint64_t kLargestTable = 256ull << 20;

/// libcsv hands over fields and ends of records one by one. `broken`: the last record is no CSV.
struct Table {
  std::vector<sim::TableRow> rows;
  bool broken = false;
};

/// Without the mark of its encoding, and with line ends of one kind: libcsv takes each byte of them
/// for one.
std::string Simplified(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string simplified;
  simplified.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') simplified += text[i];
    if (text[i] == '\r' && text.substr(i + 1, 1) != "\n") simplified += '\n';
  }
  return simplified;
}

Table ParseTable(const std::string& text) {
  csv_parser parser;
  Table table;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
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
  const Table table = ParseTable(Simplified(*text));
  if (table.broken) {
    return Error{ErrorCode::kInvalidArgument,
                 path + ": line " + std::to_string(sim::LineOf(table.rows, table.rows.size() - 1)) +
                     ": a quote is not closed, or stands inside a field"};
  }
  auto observations = sim::ObservationsOfTable(table.rows);
  if (!observations.ok())
    return Error{observations.error().code, path + ": " + observations.error().message};
  return observations;
}

}  // namespace lockstep::native
