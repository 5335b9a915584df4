// PreviewPlan: the plan that brings databases to a release: one spec for each file that a database
// does not have yet (plan-semantics §6.3).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/plan/semantics.h"
#include "core/service/release.h"

namespace lockstep::service {

/// A version that a database has.
struct AppliedVersion {
  std::string version;
  std::string sheet_sha256;  ///< "" when it is not known
};

struct PreviewDatabase {
  std::string name;
  std::vector<AppliedVersion> applied;
};

struct PreviewRequest {
  std::string release;  ///< its name
  std::vector<std::string> targets;
  bool allow_out_of_order = false;

  static base::Result<PreviewRequest> Read(std::string_view json);
};

/// {"plan", "outOfOrderFiles", "appliedButModifiedFiles"}. A file whose version the database has is
/// left out; it is told when it was applied with another content. A file with a version not above
/// the highest that the database has is out of order: told, and left out unless that is allowed.
/// `steps`: the databases of each step. The same arguments give the same plan.
std::string PreviewPlan(const PreviewRequest& request, const Release& release,
                        const std::vector<std::vector<PreviewDatabase>>& steps,
                        plan::VersionOrder order);

}  // namespace lockstep::service
