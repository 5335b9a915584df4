// Emitter: where rules put their findings. It knows which severities the user changed; it formats
// nothing.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/diagnostics/diagnostic.h"

namespace lockstep::diagnostics {

/// The user's changes to the catalogue: `--rule unused-sheet=off`. nullopt = off.
using SeverityOverrides = std::map<Rule, std::optional<Severity>>;

class Emitter {
 public:
  /// What comes after so many findings of one severity is counted, not kept; Take says so in a
  /// finding of its own.
  static constexpr std::size_t kMaxFindings = 100'000;

  Emitter() = default;
  explicit Emitter(SeverityOverrides overrides) : overrides_(std::move(overrides)) {}

  /// The returned reference is for adding related places and fixes, and good until the next Report.
  /// A rule that is switched off reports into a scratch diagnostic that nobody sees.
  Diagnostic& Report(Rule rule, Place place, std::string message);
  /// The same with another severity than the catalogue's (lenient decoding). The user's change
  /// still wins.
  Diagnostic& ReportAs(Rule rule, Severity severity, Place place, std::string message);

  /// False when a rule is switched off: for rules whose finding costs more than a little.
  bool Enabled(Rule rule) const;

  bool has_errors() const { return error_count() > 0; }
  std::size_t error_count() const { return counts_[static_cast<std::size_t>(Severity::kError)]; }

  /// A part of a document could not be taken as it was meant, whatever severity the user gave the
  /// finding: what would be run is not what was written.
  void NoteLostValue() { lost_value_ = true; }
  bool lost_value() const { return lost_value_; }
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

  /// Hands the findings over, sorted by source, place, code and message, without exact repetitions.
  std::vector<Diagnostic> Take();

 private:
  SeverityOverrides overrides_;
  std::vector<Diagnostic> diagnostics_;
  Diagnostic scratch_{};
  std::array<std::size_t, 3> counts_{};  // by severity
  std::size_t dropped_count_ = 0;
  bool lost_value_ = false;
};

}  // namespace lockstep::diagnostics
