// Script: the text that a client runs for one task, and which of its lines belongs to what. Errors
// of clients name lines; from the line comes the part of the protocol that failed, or the
// statement.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "native/client/client.h"

namespace lockstep::client {

enum class ScriptPart : std::uint8_t {
  kSettings,  ///< before the lock: opening the target, timeouts
  kCreate,    ///< the database itself
  kLock,
  kHistory,          ///< the tables of markers
  kMarkerRow,        ///< fails when the task has one, or not the one that was expected
  kMustBeEmpty,      ///< DATABASE_CREATE of something that is there, and is not what it would make
  kRollbackable,     ///< fails when a statement could not be rolled back
  kStatement,        ///< of the sheet
  kStep,             ///< the marker of a part of the sheet
  kSameTransaction,  ///< fails when the sheet ended the transaction
  kForeignKeys,      ///< fails when a sheet without them leaves rows that violate them
  kDone,
  kCommit,
};

struct ScriptSection {
  std::uint32_t line;  ///< first line in the script, from 1
  ScriptPart part;
  std::uint32_t statement = 0;  ///< index in the split, for kStatement and kStep
};

struct Script {
  std::string text;
  std::vector<ScriptSection> sections;  ///< by line; never empty

  /// The section that a line of the script is in.
  ScriptSection At(std::uint32_t line) const;
};

class ScriptWriter {
 public:
  void Section(ScriptPart part, std::size_t statement = 0);
  ScriptWriter& Line(std::string_view line) {
    text_.append(line).append("\n");
    return *this;
  }
  Script Take() { return {std::move(text_), std::move(sections_)}; }

 private:
  std::string text_;
  std::vector<ScriptSection> sections_;
  std::size_t counted_ = 0;
  std::uint32_t lines_ = 0;
};

std::size_t StatementCount(const TaskScript& task);
std::string_view StatementText(const TaskScript& task, std::size_t index);

/// Whether the script says so when this statement (from 1) is done. Of a long sheet not every one:
/// clients flush at each marker, which for 200,000 small statements costs more than they do.
bool IsMarked(const TaskScript& task, std::size_t number);

/// "it""s"
std::string SqlName(std::string_view name);
/// 'it''s'
std::string SqlQuote(std::string_view text);

}  // namespace lockstep::client
