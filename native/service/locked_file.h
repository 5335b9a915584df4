// LockedFile: a text file that people edit too, changed by one writer at a time and as a whole: who
// reads it sees all of the old text or all of the new one, whatever dies in between.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lockstep::service {

class LockedFile {
 public:
  /// Locks the folder of the file; of a symbolic link, of what it leads to. kUnavailable when
  /// somebody else has held the lock for seconds, kNotFound, kIo.
  static base::Result<LockedFile> Open(const std::string& path);
  ~LockedFile();
  LockedFile(LockedFile&& other) noexcept;
  LockedFile& operator=(LockedFile&&) = delete;

  /// Durable when it returns. Mode and, where that is allowed, owner stay as they were.
  /// kUnavailable when the file does not say `before` any more: an editor asks for no lock.
  base::Status Replace(std::string_view before, std::string_view after);

 private:
  LockedFile(std::string path, int folder) : path_(std::move(path)), folder_(folder) {}
  std::string path_;  // no link
  int folder_;        // descriptor, with the lock; -1: moved from
};

}  // namespace lockstep::service
