#include "native/report/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace lockstep::report {

Output::Output(int descriptor) : outlet_(descriptor) {
  terminal_ = isatty(descriptor) == 1;
  const char* term = std::getenv("TERM");
  const char* no_color = std::getenv("NO_COLOR");
  movable_ = terminal_ && term != nullptr && *term != '\0' && std::strcmp(term, "dumb") != 0;
  color_ = movable_ && (no_color == nullptr || *no_color == '\0');
}

void Output::Write(std::string_view text) {
  outlet_.Write(text);
}

void Output::Hurry(bool on) {
  outlet_.Hurry(on);
  if (on) return;
  outlet_.Flush(base::Duration{-1});
  if (outlet_.dropped() == 0) return;
  Write("lockstep: nobody read, so " + std::to_string(outlet_.dropped()) +
        " bytes were left out here; `lockstep status`, `events` and `logs` have everything\n");
}

int Output::width() const {
  winsize size{};
  if (ioctl(outlet_.descriptor(), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

Output& Stdout() {
  static Output output(STDOUT_FILENO);
  return output;
}

Output& Stderr() {
  static Output output(STDERR_FILENO);
  return output;
}

void Complain(std::string_view message) {
  Stderr().Write("lockstep: " + std::string(message) + "\n");
}

std::string ErrorText(int error_number) {
  return std::strerror(error_number);
}

std::string Paint::Wrap(const char* code, std::string_view text) const {
  if (!on_) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace lockstep::report
