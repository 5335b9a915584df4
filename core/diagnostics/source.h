// Source: one document's text, and places in it. Positions are byte spans until somebody renders
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/index.h"

namespace lockstep::diagnostics {

/// Bytes [begin, end) of one source. An empty span is a place between two bytes.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  constexpr auto operator<=>(const Span&) const = default;
};

/// A value and where it was written. `present` is false where the document says nothing (or null):
/// `value` is then the type's default and `span` is that of the enclosing object.
template <class T>
struct Spanned {
  T value{};
  Span span{};
  bool present = false;
};
using SpannedText = Spanned<std::string_view>;

/// All from 0. Line ends are \n, \r\n and \r (as in the Language Server Protocol).
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column_utf8 = 0;   ///< bytes from the start of the line
  std::uint32_t column_utf16 = 0;  ///< UTF-16 code units; an ill-formed byte counts 1
  constexpr bool operator==(const Position&) const = default;
};

/// Immutable once made. A byte-order mark is before the first line, as editors have it. At most 4
/// GiB - 1 (readers refuse far earlier). The buffer behind `text()` has kPadding readable bytes
/// after its end, as simdjson wants.
class Source {
 public:
  static constexpr std::size_t kPadding = 64;

  Source() = default;
  /// `name` is what messages show: a path as the user gave it, or "<stdin>", or a sheet's name. A
  /// `text` with kPadding bytes of spare capacity is taken over without a copy.
  Source(std::string name, std::string text);
  /// A document that nobody read, because it is larger than some limit: without text.
  static Source TooLarge(std::string name);

  bool too_large() const { return too_large_; }
  /// An inventory may hold passwords: excerpts leave out lines that look like it.
  void set_may_hold_secrets() { may_hold_secrets_ = true; }
  bool may_hold_secrets() const { return may_hold_secrets_; }
  const std::string& name() const { return name_; }
  std::string_view text() const { return std::string_view(buffer_.data(), size_); }
  std::string_view Slice(Span span) const {
    return text().substr(span.begin, span.end - span.begin);
  }

  /// O(log lines), however long they are, once the text is indexed up to there.
  Position PositionOf(std::uint32_t offset) const;
  /// Code points from the start of the line; an ill-formed byte counts 1. As dear as PositionOf.
  std::uint32_t CodePointColumnOf(std::uint32_t offset) const;
  /// UTF-16 code units from the start of the text. As dear as PositionOf.
  std::uint32_t Utf16OffsetOf(std::uint32_t offset) const;
  /// The line without its end.
  Span LineSpan(std::uint32_t line) const;
  /// Inverse of PositionOf for UTF-8 columns; clamps to the line's and the text's end.
  std::uint32_t OffsetOf(std::uint32_t line, std::uint32_t column_utf8) const;
  std::uint32_t line_count() const;

 private:
  /// Counts from the start of the text.
  struct Mark {
    std::uint32_t offset = 0;
    std::uint32_t code_points = 0;
    std::uint32_t utf16_units = 0;
  };

  void IndexTo(std::uint32_t offset) const;
  void IndexLines(std::string_view step, std::uint32_t begin) const;
  void IndexMarks() const;
  std::uint32_t LineOf(std::uint32_t offset) const;
  void Advance(Mark& mark, std::uint32_t offset) const;
  Mark CountTo(std::uint32_t offset) const;

  std::string name_;
  std::string buffer_ = std::string(kPadding, 0);  // the text and its padding
  std::uint32_t size_ = 0;
  bool too_large_ = false, may_hold_secrets_ = false;
  // As far as somebody asked: most documents have few findings, and most of those at the start.
  // Marks stand on code points, one every few hundred bytes; none in ASCII text.
  mutable std::vector<std::uint32_t> line_starts_ = {0};
  mutable std::vector<Mark> marks_;
  mutable std::uint32_t indexed_ = 0;
};

using SourceId = base::Index<struct SourceTag>;

/// All documents that one check looks at. Addresses of sources are stable.
class Sources {
 public:
  SourceId Add(Source source);
  const Source& operator[](SourceId id) const { return *sources_[id]; }
  std::size_t size() const { return sources_.size(); }
  base::IndexRange<SourceId> indices() const { return sources_.indices(); }

 private:
  base::IndexVector<SourceId, std::shared_ptr<const Source>> sources_;
};

struct Place {
  SourceId source;
  Span span;
  constexpr auto operator<=>(const Place&) const = default;
};

}  // namespace lockstep::diagnostics
