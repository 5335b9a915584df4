// Diagnostic: one finding about a plan, as data. Renderers (render.h) turn it into text, JSON,
// SARIF or GitHub annotations; nothing else formats it.
#pragma once

#include <string>
#include <vector>

#include "core/diagnostics/rule.h"
#include "core/diagnostics/source.h"

namespace lockstep::diagnostics {

/// Another place that explains the finding: the first of two duplicates, an edge of a cycle.
struct Related {
  Place place;
  std::string message;
  std::string pointer;
};

struct Edit {
  Place place;
  std::string replacement;
};

/// A change that certainly removes the finding. Never a guess between several.
struct Fix {
  std::string title;
  std::vector<Edit> edits;
};

/// `message` describes the situation: lower case start, no full stop, the names in quotes
/// (base::Quote), the way out after the fact. `pointer` is an RFC 6901 JSON Pointer, filled by
/// json::AttachPointers for places in JSON documents, empty for SQL.
struct Diagnostic {
  Rule rule;
  Severity severity;
  Place place;
  std::string message;
  std::string pointer;
  std::vector<Related> related;
  std::vector<Fix> fixes;
};

}  // namespace lockstep::diagnostics
