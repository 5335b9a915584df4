#include "native/report/output.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace lockstep::report {

Output::Output(int descriptor) : descriptor_(descriptor) {
  terminal_ = isatty(descriptor) == 1;
  const char* term = std::getenv("TERM");
  const char* no_color = std::getenv("NO_COLOR");
  movable_ = terminal_ && term != nullptr && *term != '\0' && std::strcmp(term, "dumb") != 0;
  color_ = movable_ && (no_color == nullptr || *no_color == '\0');
}

void Output::Write(std::string_view text) {
  while (!text.empty() && !closed_ && error_ == 0) {
    const ssize_t count = write(descriptor_, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {  // somebody made the terminal non-blocking
      pollfd ready{descriptor_, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno == EPIPE || errno == EIO) {
      closed_ = true;
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
}

int Output::width() const {
  winsize size{};
  if (ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
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
