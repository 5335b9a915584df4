#include "core/diagnostics/source.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "core/base/check.h"
#include "core/base/utf8.h"

namespace lockstep::diagnostics {
namespace {

constexpr std::uint32_t kBytesPerMark = 256;
constexpr std::uint32_t kBytesPerStep = 64 << 10;

bool IsAscii(std::string_view text) {
  std::uint64_t bits = 0, word = 0;
  std::size_t at = 0;
  for (; at + sizeof(word) <= text.size(); at += sizeof(word)) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    bits |= word;
  }
  for (; at < text.size(); ++at) bits |= static_cast<unsigned char>(text[at]);
  return (bits & 0x8080808080808080) == 0;
}

}  // namespace

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), buffer_(std::move(text)) {
  LOCKSTEP_CHECK(buffer_.size() < std::numeric_limits<std::uint32_t>::max(), "a source of 4 GiB");
  size_ = static_cast<std::uint32_t>(buffer_.size());
  if (buffer_.capacity() - size_ < kPadding) {
    std::string wider;
    wider.reserve(size_ + kPadding);
    buffer_ = std::move(wider.append(buffer_));
  }
  buffer_.append(kPadding, '\0');
  if (buffer_.starts_with("\xEF\xBB\xBF")) line_starts_[0] = 3;
}

Source Source::TooLarge(std::string name) {
  Source source(std::move(name), "");
  source.too_large_ = true;
  return source;
}

Position Source::PositionOf(std::uint32_t offset) const {
  offset = std::clamp(offset, line_starts_[0], size_);
  IndexTo(offset);
  const std::uint32_t line = LineOf(offset);
  const std::uint32_t start = line_starts_[line];
  return {line, offset - start, CountTo(offset).utf16_units - CountTo(start).utf16_units};
}

std::uint32_t Source::CodePointColumnOf(std::uint32_t offset) const {
  offset = std::clamp(offset, line_starts_[0], size_);
  IndexTo(offset);
  return CountTo(offset).code_points - CountTo(line_starts_[LineOf(offset)]).code_points;
}

std::uint32_t Source::Utf16OffsetOf(std::uint32_t offset) const {
  offset = std::min(offset, size_);
  IndexTo(offset);
  return CountTo(offset).utf16_units;
}

Span Source::LineSpan(std::uint32_t line) const {
  while (line + 1 >= line_starts_.size() && indexed_ < size_) IndexTo(indexed_ + 1);
  if (line >= line_starts_.size()) return {size_, size_};
  const std::uint32_t begin = line_starts_[line];
  if (line + 1 == line_starts_.size()) return {begin, size_};
  std::uint32_t end = line_starts_[line + 1] - 1;
  if (buffer_[end] == '\n' && end > begin && buffer_[end - 1] == '\r') --end;
  return {begin, end};
}

std::uint32_t Source::OffsetOf(std::uint32_t line, std::uint32_t column_utf8) const {
  const Span span = LineSpan(line);
  return span.begin + std::min(column_utf8, span.end - span.begin);
}

std::uint32_t Source::line_count() const {
  IndexTo(size_);
  return static_cast<std::uint32_t>(line_starts_.size());
}

void Source::IndexTo(std::uint32_t offset) const {
  while (indexed_ < offset) {
    const std::uint32_t begin = indexed_;
    indexed_ += std::min(kBytesPerStep, size_ - indexed_);
    const std::string_view step(buffer_.data() + begin, indexed_ - begin);
    IndexLines(step, begin);
    if (!marks_.empty() || !IsAscii(step)) IndexMarks();
  }
}

void Source::IndexLines(std::string_view step, std::uint32_t begin) const {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t feed = step.find('\n'), carriage = step.find('\r');
  while (feed != kNone || carriage != kNone) {
    const std::size_t end = std::min(feed, carriage);
    // Behind the text stands a zero.
    const bool ends_line = end == feed || buffer_[begin + end + 1] != '\n';
    if (ends_line) line_starts_.push_back(begin + static_cast<std::uint32_t>(end) + 1);
    if (end == feed) feed = step.find('\n', end + 1);
    if (end == carriage) carriage = step.find('\r', end + 1);
  }
}

/// Marks from the last one on. The text before the first byte that is not ASCII gets its marks now.
void Source::IndexMarks() const {
  Mark mark = marks_.empty() ? Mark() : marks_.back();
  if (marks_.empty()) marks_.push_back(mark);
  while (mark.offset + kBytesPerMark < indexed_) {
    Advance(mark, mark.offset + kBytesPerMark);
    marks_.push_back(mark);
  }
}

std::uint32_t Source::LineOf(std::uint32_t offset) const {
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<std::uint32_t>(next - line_starts_.begin() - 1);
}

// Over every whole code point that ends at or before `offset`.
void Source::Advance(Mark& mark, std::uint32_t offset) const {
  while (mark.offset < offset) {
    const auto length = static_cast<std::uint32_t>(base::DecodeUtf8(text(), mark.offset).length);
    const std::uint32_t step = std::max(length, 1u);
    if (mark.offset + step > offset) return;
    mark.offset += step;
    mark.code_points += 1;
    mark.utf16_units += length == 4 ? 2 : 1;
  }
}

Source::Mark Source::CountTo(std::uint32_t offset) const {
  if (marks_.empty()) return {offset, offset, offset};
  const auto next = std::upper_bound(marks_.begin(), marks_.end(), offset,
                                     [](std::uint32_t o, const Mark& m) { return o < m.offset; });
  Mark mark = *(next - 1);
  Advance(mark, offset);
  return mark;
}

SourceId Sources::Add(Source source) {
  return sources_.push_back(std::make_shared<const Source>(std::move(source)));
}

}  // namespace lockstep::diagnostics
