#include "core/json/layout.h"

#include <vector>

namespace lockstep::json {
namespace {

/// Where the string that begins at `at` ends.
std::size_t EndOfString(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

/// Where the value of a member begins; 0 for what is no member.
std::size_t BeginOfValue(std::string_view item) {
  if (item.front() != '"') return 0;
  const std::size_t end = EndOfString(item, 0);
  return end < item.size() && item[end] == ':' ? end + 1 : 0;
}

/// Items of an array or object: values, or members.
std::vector<std::string_view> ItemsOf(std::string_view container) {
  std::vector<std::string_view> items;
  const std::size_t end = container.size() - 1;
  std::size_t begin = 1, depth = 0;
  for (std::size_t at = 1; at < end;) {
    const char c = container[at];
    if (c == '"') {
      at = EndOfString(container, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      items.push_back(container.substr(begin, at - begin));
      begin = at + 1;
    }
    ++at;
  }
  if (end > begin) items.push_back(container.substr(begin, end - begin));
  return items;
}

class Writer {
 public:
  Writer(std::size_t column, const Style& style) : style_(style), column_(column) {}

  void Write(std::string_view item, const std::string& indent, Breaks breaks) {
    const std::size_t value = BeginOfValue(item);
    const std::string line = OnOneLine(item);
    const char bracket = item[value];
    // One column is for the comma.
    const bool fits = column_ + line.size() + 1 <= style_.width && breaks == Breaks::kWhereNeeded;
    if ((bracket != '{' && bracket != '[') || fits) {
      Append(line);
      return;
    }
    if (value > 0) Append(std::string(item.substr(0, value)) + ' ');
    Append(std::string(1, bracket));
    const std::string inner = indent + style_.unit;
    bool first = true;
    for (const std::string_view part : ItemsOf(item.substr(value))) {
      if (!first) Append(",");
      first = false;
      BreakLine(inner);
      Write(part, inner, Breaks::kWhereNeeded);
    }
    BreakLine(indent);
    Append(std::string(1, item.back()));
  }
  std::string Take() { return std::move(out_); }

 private:
  void Append(std::string_view text) {
    out_ += text;
    column_ += text.size();
  }
  void BreakLine(const std::string& indent) {
    out_ += style_.line_end + indent;
    column_ = indent.size();
  }

  const Style& style_;
  std::string out_;
  std::size_t column_;
};

}  // namespace

std::string OnOneLine(std::string_view compact) {
  std::string line;
  for (std::size_t at = 0; at < compact.size();) {
    const std::size_t end = compact[at] == '"' ? EndOfString(compact, at) : at + 1;
    line += compact.substr(at, end - at);
    if (compact[at] == ':' || compact[at] == ',') line += ' ';
    at = end;
  }
  return line;
}

std::string LayOut(std::string_view compact, const std::string& indent, std::size_t column,
                   const Style& style, Breaks breaks) {
  Writer writer(column, style);
  writer.Write(compact, indent, breaks);
  return writer.Take();
}

}  // namespace lockstep::json
