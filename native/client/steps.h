// Steps: how a sheet that cannot be one transaction is cut into parts that can be accounted for,
// and what the marker rows of an interrupted run say about each of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "native/client/client.h"

namespace lockstep::client {

enum class StepKind : std::uint8_t {
  kSession,     ///< SET: no trace in the database; runs again after an interruption
  kAtomic,      ///< in a transaction together with its marker row
  kAlone,       ///< the same, and no other statement may be in it
  kVisible,     ///< commits by itself, and the fingerprint changes if and only if it was applied
  kRepeatable,  ///< commits by itself, and may run again without harm
  kOpaque,      ///< commits by itself, and nothing tells afterwards whether it did
};

struct Step {
  StepKind kind = StepKind::kAtomic;
  std::uint32_t first = 0, last = 0;  ///< statements, from 1; more than one only when kAtomic
};

/// What kind of step a statement of this engine is.
using KindOfStatement = StepKind (*)(const TaskScript& task, std::size_t index);

/// The steps from a statement (an index) to the end of the sheet. What session statements of the
/// part before did is done again first: they come as steps of their own.
std::vector<Step> StepsFrom(const TaskScript& task, std::size_t next, KindOfStatement kind);

/// Digest of the text of statements first…last.
std::string DigestOfStatements(const TaskScript& task, std::uint32_t first, std::uint32_t last);

/// What is left to do, or why nobody but a person can tell.
struct StepsVerdict {
  ResumePoint resume;
  std::optional<rollout::TaskError> in_doubt;
};
/// `markers`: of a session that holds the lock. Its facts: "fingerprint", and of PostgreSQL
/// "invalid_indexes": a line for each, of its name, its qualified and quoted name, its schema
/// and its table, with TABs between.
StepsVerdict DecideSteps(const TaskScript& task, const MarkerLog& markers, KindOfStatement kind);

/// "statements 1–3 of 7 are applied"
std::string Progress(const TaskScript& task, const ResumePoint& resume);

/// All words of a text that could name something.
std::vector<std::string> NamesOf(std::string_view text);

/// All words of the kVisible statements that could name a table, an index …: the fingerprint is
/// taken of those that do. In quotes, strings and comments too.
std::vector<std::string> NamesIn(const TaskScript& task, KindOfStatement kind);

}  // namespace lockstep::client
