#include "native/ledger/file_lease.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "native/ledger/ledger_impl.h"

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

base::Result<std::optional<LeaseHolder>> StoredHolder(const Ledger& ledger, RolloutId rollout) {
  auto query = ledger.impl().db->Prepare("SELECT host, pid, since FROM leases WHERE rollout=?1");
  const auto row = query->Bind(1, rollout).One();
  if (!row.ok()) return row.error();
  if (!*row) return std::optional<LeaseHolder>();
  return std::optional<LeaseHolder>({query->Text(0), query->Int(1), base::Instant{query->Int(2)}});
}

}  // namespace

base::Result<std::unique_ptr<Lease>> FileLease::Acquire(Ledger& ledger, RolloutId rollout,
                                                        const LeaseHolder& us) {
  const auto fd = OpenLockFile(ledger);
  if (!fd.ok()) return fd.error();
  std::unique_ptr<FileLease> lease(new FileLease(ledger, rollout, *fd));
  struct flock lock = ByteOf(rollout);
  if (fcntl(*fd, F_OFD_SETLK, &lock) != 0) {
    const int error = errno;
    lease->locked_ = false;
    if (error != EAGAIN && error != EACCES) {
      return base::Error{
          base::ErrorCode::kIo,
          "cannot lock " + base::Quote(ledger.path() + ".lock") + ": " + strerror(error)};
    }
    const auto holder = StoredHolder(ledger, rollout);
    return HeldBy(holder.ok() ? *holder : std::nullopt);
  }
  auto row = ledger.impl().db->Prepare(
      "INSERT INTO leases(rollout, host, pid, since) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (rollout)"
      " DO UPDATE SET host=excluded.host, pid=excluded.pid, since=excluded.since");
  row->Bind(1, rollout).Bind(2, us.host).Bind(3, us.pid).Bind(4, us.since.ms);
  if (const auto set = row->Run(); !set.ok()) return set.error();
  return std::unique_ptr<Lease>(std::move(lease));
}

base::Result<std::optional<LeaseHolder>> FileLease::HolderOf(const Ledger& ledger,
                                                             RolloutId rollout) {
  const int fd = open((ledger.path() + ".lock").c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return std::optional<LeaseHolder>();  // nobody ever ran anything
  struct flock lock = ByteOf(rollout);
  const int asked = fcntl(fd, F_OFD_GETLK, &lock);
  close(fd);
  if (asked == 0 && lock.l_type == F_UNLCK) return std::optional<LeaseHolder>();
  auto holder = StoredHolder(ledger, rollout);
  if (holder.ok() && !*holder) return std::optional<LeaseHolder>({"another host", 0, {}});
  return holder;
}

FileLease::~FileLease() {
  // The row first: who gets the lock next must not find its own row deleted.
  if (locked_) {
    auto row = ledger_.impl().db->Prepare("DELETE FROM leases WHERE rollout=?1");
    (void)row->Bind(1, rollout_).Run();
  }
  close(fd_);
}

}  // namespace lockstep::ledger
