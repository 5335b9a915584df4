// Writing: what both directions of a conversion share: parts of a plan as JSON, and the list of
// losses. For this folder only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.h"
#include "core/check/check.h"
#include "core/convert/convert.h"

namespace lockstep::convert {

using base::JsonWriter;
using inventory::EnvironmentIndex;
using plan::SpecIndex;

/// The database of prior backups in the flat form, on each target's own instance.
constexpr std::string_view kBackupDatabase = "bbdataarchive";

class Losses {
 public:
  explicit Losses(diagnostics::SourceId source) : source_(source) {}
  void Add(diagnostics::Span span, std::string message);
  /// Sorted by place.
  std::vector<diagnostics::Remark> Take();

 private:
  diagnostics::SourceId source_;
  std::vector<diagnostics::Remark> list_;
};

/// name, title, description, issue: those that the plan has.
void WriteHead(JsonWriter& writer, const plan::Plan& plan);
/// createDatabaseConfig is the same in both forms.
void WriteCreate(JsonWriter& writer, const plan::Plan& plan, const plan::Spec& spec);
void WriteGhostFlags(JsonWriter& writer, const plan::Plan& plan, const plan::Spec& spec);
void WriteFormatAndPassword(JsonWriter& writer, const plan::Config& config);
/// A member, where there is something to say.
void WriteText(JsonWriter& writer, std::string_view key, std::string_view value);

/// "spec "a"", or "a spec" without an id.
std::string NameOf(const plan::Spec& spec);
/// Of databases that are to be made, too. Invalid where it is not known.
EnvironmentIndex EnvironmentOfNew(const check::CheckedPlan& checked, SpecIndex spec);

/// Where it is known which environments databases are in.
inline bool KnowsEnvironments(const check::CheckedPlan& checked) {
  return !checked.inventory().synthesized;
}

base::Result<std::string> WriteFlat(const check::CheckedPlan& checked, bool merge, Losses& losses);
base::Result<std::string> WriteSteps(const check::CheckedPlan& checked, Losses& losses);

}  // namespace lockstep::convert
