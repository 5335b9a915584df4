#include "tests/scheduler/script.h"

#include <sstream>

namespace lockstep::scheduler_test {

std::vector<Line> ReadScript(std::string_view text) {
  std::vector<Line> lines;
  std::istringstream in{std::string(text)};
  bool commands_seen = false;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const bool indented = line.rfind("  ", 0) == 0;
    if (line.empty() || line[0] == '#') {
      lines.push_back({Line::Kind::kText, line, number});
    } else if (line.rfind("> ", 0) == 0) {
      commands_seen = true;
      lines.push_back({Line::Kind::kCommand, line.substr(2), number});
    } else if (!indented || !commands_seen) {  // else: an old answer
      lines.push_back({Line::Kind::kSetup, line, number});
    }
  }
  return lines;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const bool quoted = text[at] == '"';
    const std::size_t begin = quoted ? at + 1 : at;
    const std::size_t end = std::min(text.find(quoted ? '"' : ' ', begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    at = end + (quoted ? 1 : 0);
  }
  return words;
}

}  // namespace lockstep::scheduler_test
