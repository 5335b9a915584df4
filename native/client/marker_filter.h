// Markers: lines that the generated script prints with a nonce that no sheet can know, so that
// output of the sheet and news of the script come through one pipe. MarkerFilter takes them apart,
// chunk by chunk.
//
//   @@lockstep:<nonce> start | row <hex>… | step <first> <last> done|begun <digest> <before>
//                      | column <name of the row's> <text, trimmed> | fact <name> <hex> | done <k>
//                      [rows so far | +rows] | precommit | committed
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep::client {

/// The row of table lockstep_history in the target.
struct MarkerRow {
  std::string task, sheet, sheet_sha256, run, runner;
  std::string statements;           ///< how many there were
  std::string started_at, done_at;  ///< RFC 3339, UTC; done_at empty: not finished
};

/// A sheet that is not one transaction is applied step by step, each with a marker row in table
/// lockstep_step: neighbouring statements in a transaction with theirs; a statement that commits by
/// itself between two, "it is about to run" and "it has run".
struct StepRow {
  std::uint32_t first = 0, last = 0;  ///< statements of the sheet, from 1
  bool done = false;                  ///< false: about to run
  std::string text_digest;            ///< of these statements
  std::string before;                 ///< fingerprint of what they can change, taken before
};

/// What the markers of one process have said so far.
struct MarkerLog {
  bool started = false;    ///< the lock is held
  bool precommit = false;  ///< the commit comes next: from here on its absence proves nothing
  bool committed = false;  ///< the final marker
  std::uint32_t statements_done = 0;  ///< of a long sheet not every statement has its marker
  std::int64_t rows = 0;              ///< changed rows, summed
  std::optional<MarkerRow> row;       ///< found in the target before anything was done
  std::vector<StepRow> steps;         ///< the same
  std::vector<std::pair<std::string, std::string>> facts;  ///< what the target tells besides

  /// Empty when it did not come.
  std::string_view fact(std::string_view name) const;
};

class MarkerFilter {
 public:
  explicit MarkerFilter(std::string_view nonce);

  /// Appends to `output` what is the sheet's own. Holds back at most a marker's length. Returns
  /// true when a marker came (the statement timeout starts anew then).
  bool Feed(std::string_view chunk, std::string& output);
  /// At the end of the stream: what was held back was no marker.
  void Finish(std::string& output);

  const MarkerLog& log() const { return log_; }

 private:
  void Take(std::string_view marker);
  std::string prefix_;  // "@@lockstep:<nonce> "
  std::string held_;    // a possible beginning of a marker
  MarkerLog log_;
};

/// "@@lockstep:<nonce> "
std::string MarkerPrefix(std::string_view nonce);

}  // namespace lockstep::client
