#include "native/ledger/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"

namespace lockstep::ledger {
namespace {

/// One lock file for the whole ledger; a rollout's lock is the byte at its id. Locks of an open
/// file description (not of the process): closing some other descriptor of the file does not lose
/// them, and children do not get them.
struct flock ByteOf(RolloutId rollout) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = rollout;
  lock.l_len = 1;
  return lock;
}

base::Result<int> OpenLockFile(const Ledger& ledger) {
  const std::string path = ledger.path() + ".lock";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) {
    return base::Error{base::ErrorCode::kIo,
                       "cannot open the lock file " + base::Quote(path) + ": " + strerror(errno)};
  }
  return fd;
}

std::string HostName() {
  char name[256] = {};
  gethostname(name, sizeof(name) - 1);
  return name;
}

}  // namespace

std::string ToString(const LeaseHolder& holder) {
  return holder.host + " (pid " + std::to_string(holder.pid) + ") since " +
         base::FormatInstant(holder.since);
}

base::Result<std::unique_ptr<Lease>> Lease::Acquire(Ledger& ledger, RolloutId rollout,
                                                    base::Instant now) {
  const auto fd = OpenLockFile(ledger);
  if (!fd.ok()) return fd.error();
  std::unique_ptr<Lease> lease(new Lease(ledger, rollout, *fd));
  struct flock lock = ByteOf(rollout);
  if (fcntl(*fd, F_OFD_SETLK, &lock) != 0) {
    const int error = errno;
    lease->locked_ = false;
    if (error != EAGAIN && error != EACCES) {
      return base::Error{
          base::ErrorCode::kIo,
          "cannot lock " + base::Quote(ledger.path() + ".lock") + ": " + strerror(error)};
    }
    const auto holder = ledger.GetLeaseHolder(rollout);
    const std::string who = holder.ok() && *holder ? ToString(**holder) : "another runner";
    return base::Error{base::ErrorCode::kUnavailable,
                       "this rollout is being run by " + who +
                           "; watch it with `lockstep status`, stop it with `lockstep cancel`"};
  }
  const auto set = ledger.SetLeaseHolder(rollout, {HostName(), getpid(), now});
  if (!set.ok()) return set.error();
  return lease;
}

base::Result<std::optional<LeaseHolder>> Lease::HolderOf(const Ledger& ledger, RolloutId rollout) {
  const int fd = open((ledger.path() + ".lock").c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return std::optional<LeaseHolder>();  // nobody ever ran anything
  struct flock lock = ByteOf(rollout);
  const int asked = fcntl(fd, F_OFD_GETLK, &lock);
  close(fd);
  if (asked == 0 && lock.l_type == F_UNLCK) return std::optional<LeaseHolder>();
  auto holder = ledger.GetLeaseHolder(rollout);
  if (holder.ok() && !*holder) return std::optional<LeaseHolder>({"another host", 0, {}});
  return holder;
}

Lease::~Lease() {
  // The row first: who gets the lock next must not find its own row deleted.
  if (locked_) (void)ledger_.ClearLeaseHolder(rollout_);
  close(fd_);
}

}  // namespace lockstep::ledger
