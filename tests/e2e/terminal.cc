#include "tests/e2e/terminal.h"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <utility>

namespace lockstep::e2e {
namespace {

constexpr int kPatienceMs = 60'000;

std::size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}

}  // namespace

Terminal::Terminal(const Folder& folder, const Words& words, int columns, int rows,
                   const Environment& environment)
    : columns_(static_cast<std::size_t>(columns)) {
  std::vector<std::string> arguments(words), variables;
  arguments[0] = ProgramPath(arguments[0]);
  Environment all = environment;
  all.insert({"TERM", "xterm"});
  for (const auto& [name, value] : Complete(folder, all)) variables.push_back(name + "=" + value);
  std::vector<char*> argv, envp;
  for (std::string& word : arguments) argv.push_back(word.data());
  for (std::string& variable : variables) envp.push_back(variable.data());
  argv.push_back(nullptr), envp.push_back(nullptr);
  winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  pid_ = forkpty(&master_, nullptr, nullptr, &size);
  if (pid_ == 0) {
    if (chdir(folder.path().c_str()) == 0) execvpe(argv[0], argv.data(), envp.data());
    _exit(127);
  }
}

Terminal::~Terminal() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(master_);
}

bool Terminal::ReadSome() {
  pollfd ready{master_, POLLIN, 0};
  if (poll(&ready, 1, kPatienceMs) <= 0) return false;
  char buffer[4096];
  const ssize_t count = read(master_, buffer, sizeof buffer);
  if (count <= 0) return false;  // EIO: the other side is closed
  Take(std::string_view(buffer, static_cast<std::size_t>(count)));
  return true;
}

bool Terminal::WaitFor(const std::function<bool(const Terminal&)>& wanted) {
  while (!wanted(*this)) {
    if (!ReadSome()) return wanted(*this);
  }
  return true;
}

bool Terminal::WaitForText(const std::string& text) {
  return WaitFor(
      [&](const Terminal& terminal) { return terminal.Screen().find(text) != std::string::npos; });
}

void Terminal::Resize(int columns, int rows) {
  winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  ioctl(master_, TIOCSWINSZ, &size);
}

void Terminal::Type(const std::string& keys) {
  if (write(master_, keys.data(), keys.size()) < 0) mistakes_ += "can't type; ";
}

int Terminal::Wait() {
  while (ReadSome()) {
  }
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Terminal::Screen() const {
  std::string screen;
  for (const auto& line : lines_) {
    for (const std::string& character : line) screen += character;
    screen += '\n';
  }
  return screen;
}

void Terminal::Take(std::string_view bytes) {
  raw_ += bytes;
  pending_ += bytes;
  while (!pending_.empty()) {
    std::size_t length = SequenceLength(static_cast<unsigned char>(pending_[0]));
    if (pending_[0] == '\x1b') {
      const std::size_t end = pending_.find_first_of("ABCDEFGHJKSTfhlmnsu", 2);
      if (end == std::string::npos) return;
      length = end + 1;
      Escape(std::string_view(pending_).substr(0, length));
    } else if (pending_.size() < length) {
      return;
    } else {
      Put(pending_.substr(0, length));
    }
    pending_.erase(0, length);
  }
}

void Terminal::Put(const std::string& character) {
  if (character == "\r") {
    column_ = 0;
  } else if (character == "\n") {
    if (++row_ == lines_.size()) lines_.emplace_back();
  } else if (character.size() == 1 && static_cast<unsigned char>(character[0]) < 0x20) {
    mistakes_ += "control character " + std::to_string(character[0]) + "; ";
  } else {
    if (column_ == columns_) {
      column_ = 0;
      if (++row_ == lines_.size()) lines_.emplace_back();
    }
    auto& line = lines_[row_];
    if (line.size() <= column_) line.resize(column_ + 1, " ");
    line[column_++] = character;
  }
}

void Terminal::Escape(std::string_view sequence) {
  const char kind = sequence.back();
  if (kind == 'm') return;
  if (kind == 'A') {
    const std::size_t count =
        static_cast<std::size_t>(std::atoi(std::string(sequence.substr(2)).c_str()));
    if (count > row_) mistakes_ += "cursor above the first line; ";
    row_ -= std::min(count, row_);
  } else if (sequence == "\x1b[J") {
    lines_.resize(row_ + 1);
    if (lines_[row_].size() > column_) lines_[row_].resize(column_);
  } else {
    mistakes_ += "unexpected sequence ESC" + std::string(sequence.substr(1)) + "; ";
  }
}

}  // namespace lockstep::e2e
