// A JSON text, parsed, with an emitter beside it: for tests of decoders.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/emitter.h"
#include "core/json/document.h"

namespace lockstep {

struct ParsedText {
  explicit ParsedText(std::string text) {
    id = sources.Add(diagnostics::Source("test.json", std::move(text)));
    document = json::Document::Parse(id, sources[id], json::Limits(), emitter);
    if (!document) ADD_FAILURE() << "not JSON: " << sources[id].text().substr(0, 200);
  }

  std::string_view Slice(diagnostics::Span span) const { return sources[id].Slice(span); }

  /// "slug at <text of the place>", in order of place.
  std::vector<std::string> Findings() {
    std::vector<std::string> findings;
    taken = emitter.Take();
    for (const diagnostics::Diagnostic& diagnostic : taken) {
      findings.push_back(std::string(diagnostics::Info(diagnostic.rule).slug) + " at " +
                         std::string(Slice(diagnostic.place.span)));
    }
    return findings;
  }

  diagnostics::Sources sources;
  diagnostics::SourceId id;
  diagnostics::Emitter emitter;
  std::optional<json::Document> document;
  std::vector<diagnostics::Diagnostic> taken;  ///< what Findings() told
};

using Strings = std::vector<std::string>;

}  // namespace lockstep
