// Which program a client is.
#pragma once

#include <map>
#include <string>

#include "core/base/result.h"
#include "native/client/client.h"

namespace lockstep::connection {

/// --client sqlite=/opt/sqlite3
using ClientPrograms = std::map<sql::Engine, std::string>;

/// The absolute path: as given when it has a slash, else looked up on PATH. kUnavailable when it is
/// not there.
base::Result<std::string> FindProgram(const std::string& program);

/// Of an engine: the one that was chosen, else the first of the client's own that is there.
/// kUnavailable names what to install.
base::Result<std::string> FindClient(sql::Engine engine, const ClientPrograms& programs);

}  // namespace lockstep::connection
