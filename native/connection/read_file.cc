#include "native/connection/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/diagnostics/source.h"

namespace lockstep::connection {
namespace {

base::Error FileError(const std::string& path, int error) {
  const auto code = error == ENOENT   ? base::ErrorCode::kNotFound
                    : error == EISDIR || error == EACCES ? base::ErrorCode::kInvalidArgument
                                                         : base::ErrorCode::kIo;
  return {code, "cannot read " + base::Quote(path) + ": " + strerror(error)};
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

/// Fills `text` until the end, or until there is more than `limit`. False with errno.
bool ReadToEnd(int fd, std::uint64_t limit, std::string& text) {
  for (std::size_t used = 0;;) {
    if (used == text.size()) text.resize(std::min<std::uint64_t>(2 * used, limit + 1));
    const ssize_t n = read(fd, text.data() + used, text.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) used += static_cast<std::size_t>(n);
    if (n > 0 && used <= limit) continue;
    text.resize(used);
    return n >= 0;
  }
}

}  // namespace

base::Result<std::string> ReadFile(const std::string& path, std::uint64_t limit, Readable what) {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait.
  const int waiting = what == Readable::kRegularFile ? O_NONBLOCK : 0;
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | waiting)};
  struct stat info {};
  if (file.fd < 0 || fstat(file.fd, &info) != 0) return FileError(path, errno);
  if (S_ISDIR(info.st_mode)) return FileError(path, EISDIR);
  if (what == Readable::kRegularFile && !S_ISREG(info.st_mode)) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       base::Quote(path) + " is not a regular file"};
  }
  const base::Error too_large{
      base::ErrorCode::kResourceExhausted,
      base::Quote(path) + " is larger than the limit of " + std::to_string(limit) + " bytes"};
  const std::uint64_t size = S_ISREG(info.st_mode) ? static_cast<std::uint64_t>(info.st_size) : 0;
  if (size > limit) return too_large;
  // A byte more than the size, so that the end is seen without growing.
  const std::uint64_t room = size > 0 ? size + 1 : std::min<std::uint64_t>(64 << 10, limit + 1);
  std::string text;
  text.reserve(room + diagnostics::Source::kPadding);
  text.resize(room);
  if (!ReadToEnd(file.fd, limit, text)) return FileError(path, errno);
  if (text.size() > limit) return too_large;
  return text;
}

}  // namespace lockstep::connection
