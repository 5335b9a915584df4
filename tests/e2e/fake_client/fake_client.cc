// Does what the runner's script says as far as anybody can see, and nothing else: prints its
// markers. Statements of a sheet may ask for more:
//   SELECT 'fake wait PATH';   says "waiting", then waits until somebody writes to that fifo
//   SELECT 'fake fail TEXT';   fails as the shell does
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>

namespace {

void Say(std::string_view text) {
  const std::string line = std::string(text) + "\n";
  if (write(1, line.data(), line.size()) < 0) _exit(3);
}

/// 'text' after a prefix, or nothing.
std::string_view Quoted(std::string_view line, std::string_view prefix) {
  if (line.substr(0, prefix.size()) != prefix) return {};
  line.remove_prefix(prefix.size());
  return line.substr(0, line.find('\''));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "-version") == 0) {
    Say("3.40.1 fake");
    return 0;
  }
  int number = 0;
  // As it comes: a kept client is given more when a task has ended.
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    if (const auto marker = Quoted(line, ".print '"); !marker.empty()) Say(marker);
    if (const auto fifo = Quoted(line, "SELECT 'fake wait "); !fifo.empty()) {
      Say("waiting");
      char byte;
      const int fd = open(std::string(fifo).c_str(), O_RDONLY);
      if (fd < 0 || read(fd, &byte, 1) != 1) return 4;
    }
    if (const auto text = Quoted(line, "SELECT 'fake fail "); !text.empty()) {
      std::fprintf(stderr, "Runtime error near line %d: %.*s (19)\n", number,
                   static_cast<int>(text.size()), text.data());
      return 1;
    }
  }
  return 0;
}
