// Statements: a sheet by itself, without a plan: how it splits, and what is wrong with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/diagnostics/diagnostic.h"
#include "core/sql/engine.h"
#include "core/sql/splitter.h"

namespace lockstep::api {

/// Loosely: "postgres" is POSTGRES. The error names the nearest one.
base::Result<sql::Engine> FindEngine(std::string_view name);

struct SheetStatements {
  sql::SplitResult split;  ///< refers to the source
  std::vector<diagnostics::Diagnostic> diagnostics;
  bool has_errors = false;
};
SheetStatements SplitSheet(const diagnostics::Sources& sources, diagnostics::SourceId sheet,
                           sql::Engine engine);

/// {"statements":[{"text","class","range"}],"diagnostics":[…]}
std::string StatementsAnswer(const diagnostics::Sources& sources, diagnostics::SourceId sheet,
                             const SheetStatements& statements);

}  // namespace lockstep::api
