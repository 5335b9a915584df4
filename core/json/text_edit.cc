#include "core/json/text_edit.h"

#include <algorithm>

#include "core/base/json_writer.h"

namespace lockstep::json {
namespace {

using diagnostics::Span;

/// Elements, or members from key to value.
std::vector<Span> ItemsOf(Value container) {
  std::vector<Span> items;
  if (container.kind() == Kind::kArray) {
    for (const Value element : container.elements()) items.push_back(element.span());
  } else {
    for (const Member& member : container.members())
      items.push_back({member.key_span.begin, member.value.span().end});
  }
  return items;
}

std::string MemberText(std::string_view key, std::string_view json) {
  base::JsonWriter writer;
  const std::string member = writer.BeginObject().Key(key).Raw(json).EndObject().Take();
  return member.substr(1, member.size() - 2);
}

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}
bool IsLineEnd(char c) {
  return c == '\n' || c == '\r';
}

}  // namespace

TextEdit::TextEdit(const Document& document, std::string_view text)
    : text_(text), root_(document.root().span().begin) {
  const std::size_t line_end = text.find('\n');
  if (line_end != text.npos && line_end > 0 && text[line_end - 1] == '\r') style_.line_end = "\r\n";
  const Value root = document.root();
  if (root.kind() != Kind::kObject && root.kind() != Kind::kArray) return;
  const std::vector<Span> items = ItemsOf(root);
  if (items.empty() || !IsFirstOnLine(items[0].begin)) return;
  const std::string indent = IndentAt(items[0].begin);
  if (!indent.empty()) style_.unit = indent;
}

void TextEdit::Replace(Value value, std::string_view json) {
  const Span span = value.span();
  changes_.push_back(
      {span, LayOut(json, IndentAt(span.begin), span.begin - LineStart(span.begin), style_)});
}

void TextEdit::AddMember(Value object, std::string_view key, std::string_view json) {
  AddItem(object, {MemberText(key, json), Breaks::kWhereNeeded});
}

void TextEdit::AddList(Value object, std::string_view key, std::string_view element) {
  AddItem(object, {MemberText(key, "[" + std::string(element) + "]"), Breaks::kOutermost});
}

void TextEdit::Append(Value array, std::string_view json) {
  AddItem(array, {std::string(json), Breaks::kWhereNeeded});
}

void TextEdit::AddItem(Value container, Item item) {
  const auto added = added_.try_emplace(container.span().begin, Added{container, {}}).first;
  added->second.items.push_back(std::move(item));
}

void TextEdit::Insert(Value array, std::size_t before, std::string_view json) {
  const std::vector<Span> items = ItemsOf(array);
  if (before >= items.size()) return Append(array, json);
  const std::uint32_t at = items[before].begin;
  InsertText(array, before, LayOut(json, IndentAt(at), at - LineStart(at), style_));
}

void TextEdit::InsertText(Value array, std::size_t before, std::string_view text) {
  const std::uint32_t at = ItemsOf(array)[before].begin;
  const std::string gap = IsFirstOnLine(at) ? style_.line_end + IndentAt(at) : " ";
  changes_.push_back({{at, at}, std::string(text) + "," + gap});
}

void TextEdit::Move(Value array, std::size_t from, std::size_t to) {
  const std::vector<Span> items = ItemsOf(array);
  to = std::min(to, items.size() - 1);
  if (from == to) return;
  const std::string_view text =
      text_.substr(items[from].begin, items[from].end - items[from].begin);
  Remove(array, {from});
  if (to < items.size() - 1) return InsertText(array, to < from ? to : to + 1, text);
  const std::uint32_t last = items.back().begin, end = items.back().end;
  const std::string gap = IsFirstOnLine(last) ? style_.line_end + IndentAt(last) : " ";
  changes_.push_back({{end, end}, "," + gap + std::string(text)});
}

void TextEdit::Remove(Value container, const std::vector<std::size_t>& positions) {
  const std::vector<Span> items = ItemsOf(container);
  std::vector<bool> removed(items.size());
  for (const std::size_t position : positions) removed[position] = true;
  std::size_t rest = items.size();  // from here on all of them go
  while (rest > 0 && removed[rest - 1]) --rest;
  const bool ends_bare = rest < items.size() && text_[SkipBlanks(items.back().end)] != ',';
  std::size_t one_by_one = items.size();
  if (ends_bare && rest > 0) {  // the comma before them goes, too
    if (HasComments(items, rest)) {
      RemoveComma(items[rest - 1].end);
    } else {
      changes_.push_back({{items[rest - 1].end, items.back().end}, ""});
      one_by_one = rest;
    }
  }
  for (std::size_t i = 0; i < one_by_one; ++i) {
    if (removed[i]) RemoveItem(items[i]);
  }
}

/// Between the items from the one before `begin` on.
bool TextEdit::HasComments(const std::vector<Span>& items, std::size_t begin) const {
  for (std::size_t i = begin; i < items.size(); ++i) {
    const std::uint32_t end = items[i - 1].end;
    if (text_.substr(end, items[i].begin - end).find('/') != std::string_view::npos) return true;
  }
  return false;
}

/// That follows what ends at `end`, behind comments maybe.
void TextEdit::RemoveComma(std::uint32_t end) {
  const std::uint32_t comma = SkipBlanks(end);
  changes_.push_back({{comma, comma + 1}, ""});
}

void TextEdit::RemoveItem(Span item) {
  const std::uint32_t comma = SkipBlanks(item.end);
  std::uint32_t end = item.end;
  if (text_[comma] == ',') {
    const std::string_view gap = text_.substr(item.end, comma - item.end);
    if (gap.find('/') == gap.npos)
      end = comma + 1;
    else
      RemoveComma(item.end);
  }
  const bool has_comma = end > item.end;
  std::uint32_t next = end;
  while (IsBlank(text_[next])) ++next;
  const std::uint32_t line = LineStart(item.begin);
  if (IsFirstOnLine(item.begin) && item.begin > line && IsLineEnd(text_[next])) {
    next += text_[next] == '\r' && text_[next + 1] == '\n' ? 2 : 1;
    changes_.push_back({{line, next}, ""});
  } else {
    changes_.push_back({{item.begin, has_comma ? next : end}, ""});
  }
}

void TextEdit::WriteAdded(const Added& added) {
  const std::vector<Span> items = ItemsOf(added.container);
  if (items.empty()) return WriteFirst(added);
  const Span last = items.back();
  const std::uint32_t next = SkipBlanks(last.end);
  const bool has_comma = text_[next] == ',';
  bool by_lines = IsFirstOnLine(last.begin);
  std::string indent = IndentAt(last.begin), text;
  std::uint32_t at = has_comma ? next + 1 : last.end;
  // A comment behind the last item on its line stays with it.
  if (by_lines) at = EndOfLinesRest(at);
  std::size_t column = at - LineStart(at);
  for (const Item& item : added.items) {
    if (&item != &added.items.front()) text += ",";
    const std::string line = " " + OnOneLine(item.json);
    if (!by_lines && column + line.size() + 1 > style_.width) {  // under the first one
      by_lines = true;
      indent = std::string(items[0].begin - LineStart(items[0].begin), ' ');
    }
    column += line.size() + 1;
    text += by_lines ? style_.line_end + indent +
                           LayOut(item.json, indent, indent.size(), style_, item.breaks)
                     : line;
  }
  if (!has_comma) changes_.push_back({{last.end, last.end}, ","});
  changes_.push_back({{at, at}, text + (has_comma ? "," : "")});
}

/// Into an empty container: on its line when that holds other things and there is room, else on
/// lines of their own, behind the comments that are there.
void TextEdit::WriteFirst(const Added& added) {
  const Span span = added.container.span();
  const std::uint32_t begin = span.begin + 1, end = span.end - 1;
  const std::string_view within = text_.substr(begin, end - begin);
  const std::string indent = IndentAt(span.begin);
  std::string line;
  for (const Item& item : added.items) line += (line.empty() ? "" : ", ") + OnOneLine(item.json);
  const std::uint32_t line_start = LineStart(span.begin);
  const char starts_with = text_[line_start + indent.size()];
  const bool shares_line = starts_with == '{' && span.begin != root_;
  const bool fits = begin - line_start + line.size() + 2 <= style_.width;
  if (shares_line && fits && within.find_first_not_of(" \t") == within.npos) {
    changes_.push_back({{begin, end}, line});
    return;
  }
  const std::string inner = indent + style_.unit;
  std::string text;
  for (const Item& item : added.items) {
    text += (text.empty() ? "" : ",") + style_.line_end + inner +
            LayOut(item.json, inner, inner.size(), style_, item.breaks);
  }
  std::uint32_t at = end;
  while (at > begin && (IsBlank(text_[at - 1]) || IsLineEnd(text_[at - 1]))) --at;
  const bool is_broken = text_.substr(at, end - at).find_first_of("\r\n") != text_.npos;
  if (!is_broken) text += style_.line_end + indent;
  changes_.push_back({{at, is_broken ? at : end}, text});
}

std::string TextEdit::Apply() {
  for (const auto& [begin, added] : added_) WriteAdded(added);
  added_.clear();
  std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) {
    return a.span.begin < b.span.begin || (a.span.begin == b.span.begin && a.span.end < b.span.end);
  });
  std::string text;
  std::uint32_t at = 0;
  for (const Change& change : changes_) {
    LOCKSTEP_CHECK(change.span.begin >= at, "changes of a text that overlap");
    text += text_.substr(at, change.span.begin - at);
    text += change.text;
    at = change.span.end;
  }
  changes_.clear();
  return text += text_.substr(at);
}

std::uint32_t TextEdit::SkipBlanks(std::uint32_t at) const {
  while (at < text_.size()) {
    if (IsBlank(text_[at]) || IsLineEnd(text_[at])) {
      ++at;
    } else if (text_.substr(at, 2) == "//") {
      at = static_cast<std::uint32_t>(std::min(text_.find_first_of("\r\n", at), text_.size()));
    } else if (text_.substr(at, 2) == "/*") {
      at = static_cast<std::uint32_t>(text_.find("*/", at + 2)) + 2;
    } else {
      break;
    }
  }
  return at;
}

/// `at`, or the end of the line when only blanks and a comment follow there.
std::uint32_t TextEdit::EndOfLinesRest(std::uint32_t at) const {
  const std::uint32_t line_end =
      static_cast<std::uint32_t>(std::min(text_.find_first_of("\r\n", at), text_.size()));
  const std::uint32_t next = SkipBlanks(at);
  if (next < line_end) return at;
  std::uint32_t end = line_end;
  while (end > at && IsBlank(text_[end - 1])) --end;
  const std::string_view rest = text_.substr(at, end - at);
  const bool is_cut = rest.rfind("/*") != rest.npos && rest.rfind("*/") == rest.npos;
  return is_cut ? at : end;
}

std::uint32_t TextEdit::LineStart(std::uint32_t at) const {
  while (at > 0 && !IsLineEnd(text_[at - 1])) --at;
  return at;
}

std::string TextEdit::IndentAt(std::uint32_t at) const {
  const std::uint32_t begin = LineStart(at);
  std::uint32_t end = begin;
  while (end < at && IsBlank(text_[end])) ++end;
  return std::string(text_.substr(begin, end - begin));
}

bool TextEdit::IsFirstOnLine(std::uint32_t at) const {
  const std::uint32_t begin = LineStart(at);
  return begin > 0 && begin + IndentAt(at).size() == at;
}

}  // namespace lockstep::json
