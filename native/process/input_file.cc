#include "native/process/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace lockstep::process {
namespace {

int MakeUnlinkedFile() {
  const char* folder = getenv("TMPDIR");
  std::string path = (folder != nullptr && *folder != '\0') ? folder : "/tmp";
  path += "/lockstep-XXXXXX";
  const int fd = mkostemp(path.data(), O_CLOEXEC);  // 0600
  if (fd >= 0) unlink(path.c_str());
  return fd;
}

bool WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return lseek(fd, 0, SEEK_SET) == 0;
}

}  // namespace

int MakeInputFile(std::string_view content) {
  if (content.empty()) return open("/dev/null", O_RDONLY | O_CLOEXEC);
  int fd = memfd_create("lockstep", MFD_CLOEXEC);
  if (fd >= 0) fchmod(fd, 0600);
  if (fd < 0) fd = MakeUnlinkedFile();
  if (fd < 0 || WriteAll(fd, content)) return fd;
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

}  // namespace lockstep::process
