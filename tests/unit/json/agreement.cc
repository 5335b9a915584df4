#include "tests/unit/json/agreement.h"

#include <simdjson.h>

#include <memory>
#include <optional>

#include "core/json/document.h"
#include "core/json/relax.h"
#include "core/json/scanner.h"

namespace lockstep::json {
namespace {

using diagnostics::Source;
using diagnostics::SourceId;
using diagnostics::Span;

constexpr Limits kLimits{.max_bytes = 1 << 20, .max_depth = 50};
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct Parsed {
  explicit Parsed(std::string_view text) : source("text", std::string(text)) {
    document = Document::Parse(SourceId(0), source, kLimits, emitter);
  }
  Source source;
  diagnostics::Emitter emitter;
  std::optional<Document> document;
};

// What simdjson's own front end says, which Document does not go through.
class Dom {
 public:
  explicit Dom(std::string_view text) : padded_(text) {
    const simdjson::error_code allocated = parser_.allocate(text.size() + 1, kLimits.max_depth + 1);
    valid_ =
        allocated == simdjson::SUCCESS && parser_.parse(padded_).get(root_) == simdjson::SUCCESS;
  }
  bool valid() const { return valid_; }
  simdjson::dom::element root() const { return root_; }

 private:
  simdjson::padded_string padded_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  bool valid_ = false;
};

class Comparison {
 public:
  Comparison(const Source& source, bool reparse) : source_(source), reparse_(reparse) {}

  std::string Compare(const Value& value, simdjson::dom::element element, Span outer, int depth);

 private:
  std::string CompareScalar(const Value& value, simdjson::dom::element element) const;
  std::string CompareSlice(const Value& value) const;

  const Source& source_;
  bool reparse_;
};

bool IsInside(Span inner, Span outer) {
  return outer.begin <= inner.begin && inner.begin < inner.end && inner.end <= outer.end;
}

std::string Comparison::Compare(const Value& value, simdjson::dom::element element, Span outer,
                                int depth) {
  if (!IsInside(value.span(), outer)) return "a span outside its container's";
  if (reparse_) {
    if (std::string problem = CompareSlice(value); !problem.empty()) return problem;
  }
  std::uint32_t last = value.span().begin;
  std::size_t count = 0;
  if (value.kind() == Kind::kObject) {
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return "an object that is none for simdjson";
    auto expected = object.begin();
    for (const Member& member : value.members()) {
      if (!(expected != object.end())) return "more members than simdjson has";
      if (member.key != expected.key()) return "another key than simdjson's";
      if (!IsInside(member.key_span, value.span())) return "a key outside its object";
      if (member.key_span.begin <= last) return "members out of order";
      if (member.key_span.end >= member.value.span().begin) return "a key behind its value";
      last = member.value.span().end - 1;
      std::string problem = Compare(member.value, expected.value(), value.span(), depth + 1);
      if (!problem.empty()) return problem;
      ++expected;
      ++count;
    }
    if (expected != object.end()) return "fewer members than simdjson has";
    return count == value.size() ? "" : "a wrong size";
  }
  if (value.kind() == Kind::kArray) {
    simdjson::dom::array array;
    if (element.get(array) != simdjson::SUCCESS) return "an array that is none for simdjson";
    auto expected = array.begin();
    for (const Value& item : value.elements()) {
      if (!(expected != array.end())) return "more elements than simdjson has";
      if (item.span().begin <= last) return "elements out of order";
      last = item.span().end - 1;
      std::string problem = Compare(item, *expected, value.span(), depth + 1);
      if (!problem.empty()) return problem;
      ++expected;
      ++count;
    }
    if (expected != array.end()) return "fewer elements than simdjson has";
    return count == value.size() ? "" : "a wrong size";
  }
  return CompareScalar(value, element);
}

std::string Comparison::CompareScalar(const Value& value, simdjson::dom::element element) const {
  const std::string_view slice = source_.Slice(value.span());
  switch (value.kind()) {
    case Kind::kNull:
      return element.is_null() && slice == "null" ? "" : "not null";
    case Kind::kBool: {
      bool expected = false;
      const bool same = element.get(expected) == simdjson::SUCCESS && expected == value.AsBool();
      return same && slice == (expected ? "true" : "false") ? "" : "another boolean";
    }
    case Kind::kNumber: {
      const bool number = element.is_number();
      return number && value.NumberText() == slice ? "" : "another number";
    }
    default: {
      std::string_view expected;
      if (element.get(expected) != simdjson::SUCCESS) return "a string that is none for simdjson";
      if (slice.front() != '"' || slice.back() != '"') return "a string without its quotes";
      return expected == value.AsString() ? "" : "another string";
    }
  }
}

std::string Comparison::CompareSlice(const Value& value) const {
  const Parsed again(source_.Slice(value.span()));
  if (!again.document) return "a value whose text is no JSON";
  const Value other = again.document->root();
  if (other.kind() != value.kind()) return "a value whose text is of another kind";
  if (other.kind() == Kind::kString && other.AsString() != value.AsString()) {
    return "a string whose text says something else";
  }
  return "";
}

std::string CheckFindings(Parsed& parsed, const Relaxed& relaxed, bool mistake) {
  const auto size = static_cast<std::uint32_t>(parsed.source.text().size());
  const std::vector<diagnostics::Diagnostic> findings = parsed.emitter.Take();
  if (parsed.document) return findings.empty() ? "" : "findings about a valid document";
  if (findings.empty()) return "an invalid document without a finding";
  std::size_t others = 0;
  for (const diagnostics::Diagnostic& finding : findings) {
    const Span span = finding.place.span;
    if (span.begin > span.end || span.end > size) return "a finding outside the document";
    if (finding.message.starts_with("the document is not JSON"))
      return "a finding without a reason";
    if (finding.rule != diagnostics::Rule::kPlaceholder) ++others;
  }
  if (others != (mistake ? 1u : 0u)) return "not exactly one syntax finding";
  if (!mistake && findings.size() != relaxed.holes.size()) return "not one finding a hole";
  return "";
}

}  // namespace

std::string FindDisagreement(std::string_view text) {
  const std::uint32_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const Relaxed relaxed = Relax(text, begin);
  const std::string_view buffer = std::string_view(relaxed.buffer).substr(0, text.size());
  const std::optional<SyntaxError> mistake = FindSyntaxError(buffer, begin, kLimits.max_depth);
  const Dom dom(buffer.substr(begin));
  // simdjson does not count an empty innermost container, and skips a second byte-order mark.
  const bool too_deep = mistake && mistake->rule == diagnostics::Rule::kNestingTooDeep;
  const bool two_marks = buffer.substr(begin).starts_with(kByteOrderMark);
  if (dom.valid() == mistake.has_value() && !too_deep && !two_marks) {
    return mistake ? "the scanner finds a mistake in JSON: " + mistake->message
                   : "the scanner finds no mistake in what is not JSON";
  }
  if (!mistake && Relax(buffer, begin).changed) return "JSON was relaxed";
  Parsed parsed(text);
  const bool valid = !mistake && relaxed.holes.empty();
  if (parsed.document.has_value() != valid) return "the document disagrees with the scanner";
  if (std::string problem = CheckFindings(parsed, relaxed, mistake.has_value()); !problem.empty()) {
    return problem;
  }
  if (!valid) return "";
  const Span all{begin, static_cast<std::uint32_t>(text.size())};
  return Comparison(parsed.source, text.size() < 4096)
      .Compare(parsed.document->root(), dom.root(), all, 0);
}

}  // namespace lockstep::json
