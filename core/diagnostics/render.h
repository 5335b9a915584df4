// Diagnostics as text, JSON, SARIF 2.1.0, GitHub workflow commands and GitLab's Code Quality
// report. The only place that formats them.
#pragma once

#include <span>
#include <string>

#include "core/base/json_writer.h"
#include "core/diagnostics/diagnostic.h"

namespace lockstep::diagnostics {

/// file:line:col: error[LS101 duplicate-spec-id]: message, then the line and a caret (cut to a
/// window around it when the line is long), related places and fixes. Lines and columns from 1;
/// columns count Unicode code points. Ends with "2 errors, 1 warning" when there is anything to
/// count.
std::string RenderText(const Sources& sources, std::span<const Diagnostic> diagnostics, bool color);

/// {"diagnostics":[…]} as product.md fixes it: ranges from 0, characters in UTF-16 units; beside
/// them "span": {"begin","end"} in bytes, and "byteRange" positions with UTF-8 characters.
std::string RenderJson(const Sources& sources, std::span<const Diagnostic> diagnostics);

/// The array of the same, for answers that hold more than findings.
void WriteJson(base::JsonWriter& writer, const Sources& sources,
               std::span<const Diagnostic> diagnostics);

/// "file:line:column", from 1; columns count Unicode code points.
std::string RenderPlace(const Source& source, Span span);

/// "range": {"start","end"} of a place in `source`, lines from 0, characters in UTF-16 units.
void WriteRange(base::JsonWriter& writer, const Source& source, Span span);

/// A SARIF 2.1.0 log with the rules that occur, regions, related locations and fixes.
std::string RenderSarif(const Sources& sources, std::span<const Diagnostic> diagnostics,
                        std::string_view version);

/// ::error file=…,line=…,col=…,endLine=…,endColumn=…,title=…::message, with GitHub's escapes.
std::string RenderGithub(const Sources& sources, std::span<const Diagnostic> diagnostics);

/// The array that `artifacts:reports:codequality` reads.
/// https://docs.gitlab.com/ci/testing/code_quality/
std::string RenderGitlab(const Sources& sources, std::span<const Diagnostic> diagnostics);

}  // namespace lockstep::diagnostics
