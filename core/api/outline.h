// Outline: what documents name and where, for editors: a tree of steps and specs, and names to
// complete.
#pragma once

#include "core/api/workspace.h"
#include "core/base/json_writer.h"

namespace lockstep::api {

/// {"steps":[{"title","range","specs":[{"index","id","range","kind","type","targets","sheet"}]}],
///  "environments":[names],"instances":[…],"databases":[…],"groups":[…],
///  "sheets":[{"name","engines":[…]}]}
/// `index` is what the timeline's column "spec" counts. Engines: of the databases that a sheet runs
/// on; none while the plan has errors. Null when the plan is not JSON or no plan.
void WriteOutline(base::JsonWriter& writer, const Workspace& workspace);

}  // namespace lockstep::api
