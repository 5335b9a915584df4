#include "native/service/locked_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "core/base/text.h"
#include "native/connection/read_file.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr auto kMostWaited = std::chrono::seconds(5);

Error Failed(std::string_view what, const std::string& path) {
  const ErrorCode code = errno == ENOENT                     ? ErrorCode::kNotFound
                         : errno == EACCES || errno == EPERM ? ErrorCode::kPermissionDenied
                                                             : ErrorCode::kIo;
  return {code, "cannot " + std::string(what) + " " + base::Quote(path) + ": " + strerror(errno)};
}

base::Status Write(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// The new file beside the old one, complete and on the disk; `path` becomes its name.
base::Status WriteBeside(std::string& path, const struct stat& like, std::string_view text) {
  path += ".XXXXXX";
  const int fd = mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return Failed("make", path);
  base::Status written = Write(fd, text, path);
  // Another's file stays theirs where we may do that; else it becomes ours.
  if (fchown(fd, like.st_uid, like.st_gid) != 0) errno = 0;
  if (written.ok() && (fchmod(fd, like.st_mode & 07777) != 0 || fsync(fd) != 0))
    written = Failed("write", path);
  if (close(fd) != 0 && written.ok()) written = Failed("write", path);
  if (!written.ok()) unlink(path.c_str());
  return written;
}

}  // namespace

base::Result<LockedFile> LockedFile::Open(const std::string& path) {
  std::error_code ec;
  const std::filesystem::path file = std::filesystem::canonical(path, ec);
  if (ec) {
    errno = ec.value();
    return Failed("open", path);
  }
  const std::string folder = file.parent_path().string();
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Failed("open", folder);
  LockedFile locked(file.string(), fd);
  const auto begin = std::chrono::steady_clock::now();
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return Failed("lock", folder);
    if (std::chrono::steady_clock::now() - begin > kMostWaited) {
      return Error{ErrorCode::kUnavailable,
                   "somebody else holds the lock of " + base::Quote(folder) + "; try again"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return locked;
}

LockedFile::LockedFile(LockedFile&& other) noexcept
    : path_(std::move(other.path_)), folder_(std::exchange(other.folder_, -1)) {}

LockedFile::~LockedFile() {
  if (folder_ >= 0) close(folder_);  // and so unlocks
}

base::Status LockedFile::Replace(std::string_view before, std::string_view after) {
  struct stat old {};
  if (stat(path_.c_str(), &old) != 0) return Failed("read", path_);
  if (access(path_.c_str(), W_OK) != 0) return Failed("write", path_);
  std::string beside = path_;
  if (auto written = WriteBeside(beside, old, after); !written.ok()) return written.error();
  const auto now = connection::ReadFile(path_, before.size(), connection::Readable::kRegularFile);
  if (!now.ok() || *now != before) {
    unlink(beside.c_str());
    return Error{ErrorCode::kUnavailable,
                 base::Quote(path_) + " was changed at the same moment; try again"};
  }
  if (rename(beside.c_str(), path_.c_str()) != 0) {
    const Error error = Failed("write", path_);
    unlink(beside.c_str());
    return error;
  }
  if (fsync(folder_) != 0) return Failed("write", path_);
  return {};
}

}  // namespace lockstep::service
