// Remark: something to know about a place that no rule finds fault with: what a conversion loses,
// what an import leaves out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/json_writer.h"
#include "core/diagnostics/source.h"

namespace lockstep::diagnostics {

/// `message` as Diagnostic::message. `pointer` as Diagnostic::pointer.
struct Remark {
  Place place;
  std::string message;
  std::string pointer;
};

/// One line each: "file:line:col: word: message", columns in code points from 1, as RenderText.
std::string RenderRemarks(const Sources& sources, std::span<const Remark> remarks,
                          std::string_view word);

/// [{"file","message","pointer","range"}]
void WriteRemarks(base::JsonWriter& writer, const Sources& sources,
                  std::span<const Remark> remarks);

}  // namespace lockstep::diagnostics
