// Descriptors that close themselves.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace lockstep::process {

struct Pipe {
  int read = -1, write = -1;
  /// The parent's end does not block; the child's does.
  bool Open(bool parent_reads) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0], write = ends[1];
    return fcntl(parent_reads ? read : write, F_SETFL, O_NONBLOCK) == 0;
  }
  ~Pipe() {
    if (read >= 0) close(read);
    if (write >= 0) close(write);
  }
};

struct Descriptor {
  int fd = -1;
  explicit Descriptor(int number) : fd(number) {}
  Descriptor(Descriptor&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

}  // namespace lockstep::process
