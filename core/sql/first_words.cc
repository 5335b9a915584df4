#include "core/sql/first_words.h"

#include <algorithm>

#include "core/base/text.h"

namespace lockstep::sql {

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string> FirstWords(std::string_view text, std::size_t count) {
  std::vector<std::string> words;
  std::size_t at = 0;
  const auto skip_to = [&](std::string_view end) {
    const std::size_t found = text.find(end, at);
    at = found == std::string_view::npos ? text.size() : found + end.size();
  };
  while (at < text.size() && words.size() < count) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("--") || rest[0] == '#') {
      skip_to("\n");
    } else if (rest.starts_with("/*!") || rest.starts_with("/*M!")) {
      at += rest.find('!') + 1;  // its contents are code
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    } else if (rest.starts_with("/*")) {
      skip_to("*/");
    } else if (rest[0] == '"' || rest[0] == '`' || rest[0] == '\'') {
      const std::size_t end = std::min(rest.find(rest[0], 1), rest.size());
      words.emplace_back(rest.substr(1, end - 1));  // a quoted name keeps its case
      at += std::min(end + 1, rest.size());
    } else if (IsNameByte(rest[0])) {
      std::size_t end = 0;
      while (end < rest.size() && IsNameByte(rest[end])) ++end;
      words.push_back(base::ToLowerAscii(rest.substr(0, end)));
      at += end;
    } else {
      ++at;
    }
  }
  return words;
}

}  // namespace lockstep::sql
