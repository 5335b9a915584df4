// Documents as a command line names them, read and checked; and how they go into a ledger and come
// back.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/api/workspace.h"
#include "native/ledger/ledger.h"
#include "native/runner.h"

namespace lockstep::native {

/// What decides how documents are understood: kept with the rollout, so that they are understood
/// the same again.
struct ReadOptions {
  bool lenient = false;
  plan::Semantics semantics = plan::DocumentedSemantics();
  diagnostics::SeverityOverrides severities;
  rollout::Pace pace;
  bool on_request = false;       ///< tasks run when somebody asks for them
  std::string inventory_folder;  ///< absolute
  std::string version;           ///< of the Lockstep that first read them

  static ReadOptions FromStored(const std::map<std::string, std::string>& options);
  std::map<std::string, std::string> ToStored() const;
  api::Options ForWorkspace() const;
  rollout::Rollout Expand(const check::CheckedPlan& checked, std::string name) const;
};

struct ReadRequest {
  std::unique_ptr<api::Workspace> workspace;
  ReadOptions options;
  std::vector<ledger::Document>
      documents;  ///< only when the plan has no errors: plan, inventory, used sheets
};
/// kNotFound, kPermissionDenied or kIo for the plan, and for an inventory or sheets that were
/// named.
base::Result<ReadRequest> ReadAll(const Documents& documents, base::Instant now);

/// Plan, inventory and used sheets of a plan without errors: what a rollout is made again from.
std::vector<ledger::Document> DocumentsOf(const api::Workspace& workspace);

/// A file, or "-" for standard input. One with more bytes than `limit` is not read: core has a
/// finding for it.
base::Result<diagnostics::Source> ReadSource(const std::string& path, std::uint64_t limit);

/// "sample" of projects/sample/plans/1, else of the first sheet, else "-".
std::string ProjectOf(const api::Workspace& workspace);

}  // namespace lockstep::native
