#include "core/json/document.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "core/base/text.h"
#include "core/json/nodes.h"
#include "core/json/relax.h"
#include "core/json/scanner.h"

namespace lockstep::json {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Rule;
using diagnostics::Source;
using diagnostics::Span;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
static_assert(Source::kPadding >= simdjson::SIMDJSON_PADDING);

// What simdjson leaves of a text it takes for JSON. Its parts are run one by one, so that buffers
// have the size that this text needs: dom::parser would take 14 bytes for each byte of any text.
struct Tokens {
  // Of the first byte of each token, then the text's end.
  std::unique_ptr<std::uint32_t[]> offsets;
  std::uint32_t count = 0;
  // Of each string: its length (4 bytes), the text, a zero.
  std::unique_ptr<std::uint8_t[]> strings;
  // Not read again, but memory that was touched already.
  std::unique_ptr<std::uint64_t[]> tape;
};

// The index has room for a token a byte, most of it never touched. That costs nothing where address
// space is plenty, but in WebAssembly it is memory, and needed for what comes next.
[[maybe_unused]] void ShrinkIndex(simdjson::internal::dom_parser_implementation& parser) {
  const std::size_t size =
      std::size_t{parser.n_structural_indexes} + 3;  // with its three sentinels
  std::unique_ptr<std::uint32_t[]> exact(new std::uint32_t[size]);
  std::copy_n(parser.structural_indexes.get(), size, exact.get());
  parser.structural_indexes = std::move(exact);
}

// REQUIRES: Source::kPadding readable bytes behind the text.
simdjson::error_code Tokenize(std::string_view text, const Limits& limits, Tokens& tokens) {
  using simdjson::SUCCESS;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
  simdjson::error_code error =
      simdjson::get_active_implementation()->create_dom_parser_implementation(
          text.size(), std::size_t{limits.max_depth} + 1, parser);
  if (error != SUCCESS) return error;
  error = parser->stage1(bytes, text.size(), simdjson::stage1_mode::regular);
  if (error != SUCCESS) return error;
  tokens.count = parser->n_structural_indexes;
  if constexpr (sizeof(void*) == 4) ShrinkIndex(*parser);
  // As dom::document::allocate counts, with tokens for bytes: a comma or colon stands for each
  // number's second word on the tape, but for one.
  simdjson::dom::document document;
  document.tape.reset(new std::uint64_t[std::size_t{tokens.count} + 64]);
  document.string_buf.reset(
      new std::uint8_t[5 * text.size() / 3 + simdjson::SIMDJSON_PADDING + 64]);
  error = parser->stage2(document);
  tokens.offsets = std::move(parser->structural_indexes);
  tokens.tape = std::move(document.tape);
  tokens.strings = std::move(document.string_buf);
  return error;
}

class NodeBuilder {
 public:
  NodeBuilder(Document::Data& data, std::string_view text, std::uint32_t base, Tokens& tokens)
      : data_(data), text_(text), base_(base), tokens_(tokens), string_(tokens.strings.get()) {}

  /// False when nesting is deeper than `max_depth`.
  bool Build(std::uint32_t max_depth);

 private:
  std::uint32_t EndBefore(std::uint32_t offset) const;
  Node& AddNode(std::uint32_t begin, std::uint32_t end);
  void AddString(std::uint32_t begin, std::uint32_t end);
  void FindEscape(std::size_t from) { escape_ = std::min(text_.find('\\', from), text_.size()); }

  Document::Data& data_;
  std::string_view text_;
  std::uint32_t base_;  // of the text in the source
  Tokens& tokens_;
  const std::uint8_t* string_;  // the next string, unescaped
  std::size_t escape_ = 0;      // the next backslash
};

bool NodeBuilder::Build(std::uint32_t max_depth) {
  // Each value but the first follows a comma, a colon or an opening bracket, which has a closing
  // one: at least half of the tokens are no nodes, and the tape (a word a token) has room for the
  // others.
  static_assert(sizeof(Node) <= 2 * sizeof(std::uint64_t) && std::is_trivial_v<Node>);
  data_.memory = std::move(tokens_.tape);
  data_.nodes = new (data_.memory.get()) Node[(std::size_t{tokens_.count} + 1) / 2];
  data_.node_count = 0;
  FindEscape(0);
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < tokens_.count; ++i) {
    const std::uint32_t begin = tokens_.offsets[i];
    switch (text_[begin]) {
      case ',':
      case ':':
        break;
      case '{':
      case '[':
        if (open.size() >= max_depth) return false;
        open.push_back(data_.node_count);
        AddNode(begin, begin);
        break;
      case '}':
      case ']': {
        Node& container = data_.nodes[open.back()];
        container.end = base_ + begin + 1;
        container.link = data_.node_count;
        open.pop_back();
        break;
      }
      case '"':
        AddString(begin, EndBefore(tokens_.offsets[i + 1]));
        break;
      default:
        AddNode(begin, EndBefore(tokens_.offsets[i + 1]));
    }
  }
  return true;
}

// The end of a token, from the beginning of the next one.
std::uint32_t NodeBuilder::EndBefore(std::uint32_t offset) const {
  while (text_[offset - 1] == ' ' || text_[offset - 1] == '\n' || text_[offset - 1] == '\r' ||
         text_[offset - 1] == '\t') {
    --offset;
  }
  return offset;
}

Node& NodeBuilder::AddNode(std::uint32_t begin, std::uint32_t end) {
  Node& node = data_.nodes[data_.node_count++];
  node = {base_ + begin, base_ + end, data_.node_count};
  return node;
}

void NodeBuilder::AddString(std::uint32_t begin, std::uint32_t end) {
  Node& node = AddNode(begin, end);
  std::uint32_t size = end - begin - 2;
  if (escape_ < end) {
    std::memcpy(&size, string_, sizeof(size));
    node.link = Node::kEscaped | static_cast<std::uint32_t>(data_.unescaped_begins.size());
    data_.unescaped_begins.push_back(static_cast<std::uint32_t>(data_.unescaped.size()));
    data_.unescaped.append(reinterpret_cast<const char*>(string_ + sizeof(size)), size);
    FindEscape(end);
  }
  string_ += sizeof(size) + size + 1;
}

// The nodes of source[base, size), read from `buffer`, which is the source or a relaxed copy of it.
simdjson::error_code Read(std::string_view buffer, std::uint32_t base, const Limits& limits,
                          Document::Data& data) {
  const std::string_view text = buffer.substr(base);
  Tokens tokens;
  const simdjson::error_code error = Tokenize(text, limits, tokens);
  if (error != simdjson::SUCCESS) return error;
  const bool shallow = NodeBuilder(data, text, base, tokens).Build(limits.max_depth);
  return shallow ? simdjson::SUCCESS : simdjson::DEPTH_ERROR;
}

void ReportHole(const Source& source, diagnostics::Place place, diagnostics::Emitter& emitter) {
  const std::string_view text = source.Slice(place.span);
  const std::string_view what = text.starts_with('{')   ? "an object"
                                : text.starts_with('[') ? "a list"
                                                        : "something";
  emitter.Report(Rule::kPlaceholder, place,
                 "the placeholder " + base::Quote(text) + " stands for " + std::string(what) +
                     " that was left out; write it out or remove the placeholder");
}

void ReportSyntaxError(diagnostics::SourceId id, const SyntaxError& error,
                       diagnostics::Emitter& emitter) {
  Diagnostic& diagnostic = emitter.Report(error.rule, {id, error.span}, error.message);
  if (error.opener) diagnostic.related.push_back({{id, *error.opener}, "opened here", {}});
  if (error.insertion) {
    const Span at{error.insertion->offset, error.insertion->offset};
    const std::string text(error.insertion->text);
    diagnostic.fixes.push_back({"insert " + base::Quote(text), {{{id, at}, text}}});
  }
}

}  // namespace

std::optional<Document> Document::Parse(diagnostics::SourceId id, const Source& source,
                                        const Limits& limits, diagnostics::Emitter& emitter) {
  const std::string_view text = source.text();
  const auto size = static_cast<std::uint32_t>(text.size());
  if (source.too_large() || size > limits.max_bytes) {
    emitter.Report(
        Rule::kDocumentTooLarge, {id, {}},
        "the document is larger than the limit of " + std::to_string(limits.max_bytes) + " bytes");
    return std::nullopt;
  }
  const std::uint32_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  auto data = std::make_unique<Data>();
  data->source_id = id;
  data->text = text;
  simdjson::error_code error = Read(text, begin, limits, *data);
  if (error == simdjson::SUCCESS) return Document(std::move(data));

  // Plain JSON has paid for nothing of what follows.
  const Relaxed relaxed = Relax(text, begin);
  const std::string_view buffer = std::string_view(relaxed.buffer).substr(0, size);
  if (relaxed.changed) {
    data->plain = false;
    error = Read(buffer, begin, limits, *data);
    if (error == simdjson::SUCCESS && relaxed.holes.empty()) return Document(std::move(data));
  }
  std::optional<SyntaxError> mistake;
  if (error != simdjson::SUCCESS) {
    mistake = FindSyntaxError(buffer, begin, limits.max_depth);
    if (!mistake) {
      mistake.emplace();
      mistake->message = std::string("the document is not JSON: ") + simdjson::error_message(error);
    }
  }
  for (const Span& hole : relaxed.holes) {
    if (!mistake || hole.begin < mistake->span.begin) ReportHole(source, {id, hole}, emitter);
  }
  if (mistake) ReportSyntaxError(id, *mistake, emitter);
  return std::nullopt;
}

Document::Document(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Value Document::root() const {
  return Value(this, 0);
}

bool Document::plain() const {
  return data_->plain;
}

diagnostics::SourceId Document::source_id() const {
  return data_->source_id;
}

}  // namespace lockstep::json
