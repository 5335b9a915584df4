// Ledger: what rollouts there are, what they were made from and what happened: in one SQLite file
// (WAL), or in a PostgreSQL database, which several runners on several machines share. The only
// folder that includes SQLite and libpq. It stores text and bytes and knows no rule about them.
//
// Durability, in a file: WAL with synchronous=NORMAL. A transaction is in the file system's cache
// when Append returns, so killing the process (or its client, or both) loses nothing. Only a power
// failure or a crash of the kernel can lose the last transactions, and then a suffix of them, never
// the middle.
//
// A lost task_run_started or task_run_ended does no harm, because the target database is the truth:
// its marker row commits with the sheet, and the next start meets that row and finds "applied by
// run …" (on SQLite the end of the rollback journal is synced too, whether it is removed,
// synchronous=EXTRA, or overwritten, so that no power failure takes that row back). What a person
// decided (skip, cancel, retry) and a new rollout could be found nowhere else: transactions that
// carry these are made with synchronous=FULL (Durability::kPowerSafe).
//
// FULL for every loop turn would cost an fdatasync per turn (measured: 183 us a turn against 22 us
// on a quiet disk, 3.9 ms against 0.06 ms on a busy one) and buy nothing that the markers do not.
//
// On a server the same holds, with synchronous_commit=off for the one and as the server has it for
// the other, and with a crash of the server in the place of a power failure.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "native/ledger/database.h"

namespace lockstep::ledger {

using RolloutId = std::int64_t;  ///< 101, 102, …: the last part of the rollout's name

/// What a rollout was made from: enough to make exactly it again.
struct Document {
  enum class Role { kPlan, kInventory, kSheet, kScenario };
  Role role;
  std::string name;  ///< of a sheet: projects/sample/sheets/741; else the path
  std::string path;  ///< what messages show
  std::string bytes;
};

/// A plan of the services as it was read: its number and its revision.
struct PlanRevision {
  std::int64_t number, revision;
};

struct NewRollout {
  std::string project;  ///< "sample": the name becomes "projects/sample/rollouts/{id}"
  std::string digest;
  std::string title;
  base::Instant created;
  std::map<std::string, std::string> options;  ///< whatever its maker needs to make it again
  std::vector<Document> documents;
  std::optional<PlanRevision> plan = {};  ///< what it was made of, when that is a plan of services
};

/// The option that names the plan of the services which a rollout was made of.
inline const std::string kPlanOption = "plan";

using Options = std::map<std::string, std::string>;
/// "" when it is not set.
std::string OptionOf(const Options& options, const std::string& name);

struct RolloutRecord {
  RolloutId id = 0;
  std::string name, digest, title;
  base::Instant created;
  std::string status;  ///< as of the last Append
  std::map<std::string, std::string> options;
};

struct EventRow {
  std::uint64_t sequence;
  std::string json;
};

/// What a person asked of a rollout that another process runs.
struct Command {
  enum class Kind { kRetry, kSkip, kCancel, kRun };  ///< stored by number
  std::int64_t id = 0;                               ///< given by the ledger
  Kind kind;
  std::vector<std::string> tasks;  ///< full names
  std::string reason;
  base::Instant created;
};

/// What a client wrote, bounded: the first and the last bytes of each stream, and how many were
/// between.
struct Output {
  std::string task_run;  ///< ".../tasks/3/taskRuns/1"
  enum class Stream { kOut, kErr } stream;
  std::string head, tail;
  std::uint64_t dropped = 0;
};

struct LeaseHolder {
  std::string host;
  std::int64_t pid = 0;
  base::Instant since;
};

/// Of a shared ledger: one attempt of a task that any runner may do.
struct WorkItem {
  std::uint32_t task = 0;  ///< its index in the rollout
  std::uint32_t attempt = 0;
  auto operator<=>(const WorkItem&) const = default;
};

/// Whether it names a ledger on a server: "postgresql://…" or "postgres://…", as psql takes it.
bool IsOnServer(std::string_view where);

class Ledger {
 public:
  enum class Mode { kRead, kWrite };
  /// kWrite makes the file and its folder when they are missing; kRead answers kNotFound then.
  /// Brings an older schema up to date; refuses a newer one. Many processes may have it open: a
  /// busy file is waited for.
  /// On a server ("postgresql://…"): the database has to be there, the tables are made in a schema
  /// of their own. No call then takes longer than ten seconds without an answer: kUnavailable.
  static base::Result<std::unique_ptr<Ledger>> Open(const std::string& where, Mode mode);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  const std::string& path() const;  ///< or address
  bool is_shared() const;           ///< on a server: several runners may work on one rollout
  int descriptor() const;           ///< readable when others changed something; -1: nothing tells

  // ---- rollouts ----
  /// Power-safe. Where there is one of the same plan (the option "plan"), or without one, of the
  /// same digest whose addresses start from the same folder, that one: two runs at the same moment
  /// make one rollout. kUnavailable when the plan was changed since it was read; and who is about
  /// to change it as it was before there was a rollout cannot any more (Objects::Update).
  base::Result<RolloutRecord> Create(const NewRollout& rollout);
  base::Result<std::vector<RolloutRecord>> List() const;  ///< oldest first
  /// A full name ("projects/p/rollouts/101"), its number ("101"), or "" for the newest. kNotFound
  /// says which rollouts there are.
  base::Result<RolloutRecord> Find(std::string_view name) const;
  /// The newest one with this digest, and with this folder when one is given.
  base::Result<std::optional<RolloutRecord>> FindByDigest(
      std::string_view digest, std::optional<std::string_view> inventory_folder = {}) const;
  /// The one that was made of this plan of the services ("projects/p/plans/101").
  base::Result<std::optional<RolloutRecord>> FindByPlan(std::string_view plan) const;
  base::Result<std::vector<Document>> Documents(RolloutId rollout) const;
  /// Power-safe.
  base::Status SetOption(RolloutId rollout, std::string_view name, std::string_view value);

  // ---- events ----
  /// One transaction: the events of one loop turn, the rollout's status after them, commands that
  /// led to them and outputs of runs that ended. All or nothing. REQUIRES the rollout's lease;
  /// fails when another runner has taken that over since.
  struct Turn {
    std::string_view digest = "";  ///< unless "": kUnavailable when the rollout has another by now
    std::span<const EventRow> events = {};
    std::string_view status = "";  ///< "": as it was
    std::span<const std::int64_t> handled_commands = {};
    std::span<const Output> outputs = {};
    std::span<const WorkItem> offered = {};   ///< shared: for any runner to do
    std::span<const WorkItem> taken = {};     ///< shared: claimed by this one from the beginning
    std::span<const WorkItem> finished = {};  ///< shared: what became of them is in these events
    base::Instant now = {};
    Durability durability = Durability::kProcessSafe;
  };
  base::Status Append(RolloutId rollout, const Turn& turn);
  /// Events with a sequence above `after`, in order.
  base::Result<std::vector<EventRow>> Events(RolloutId rollout, std::uint64_t after = 0) const;
  /// The same as lines of NDJSON; moves `after` to the last of them.
  base::Result<std::string> EventLines(RolloutId rollout, std::uint64_t& after) const;

  // ---- outputs ----
  /// Of one task run, or of all runs when `task_run` is "".
  base::Result<std::vector<Output>> Outputs(RolloutId rollout, std::string_view task_run) const;

  // ---- commands ----
  /// Power-safe. `digest`: of the rollout as it was looked at; unless "": kUnavailable when it has
  /// another by now.
  base::Result<std::int64_t> AddCommand(RolloutId rollout, const Command& command,
                                        std::string_view digest = "");
  base::Result<std::vector<Command>> PendingCommands(RolloutId rollout) const;
  base::Result<bool> IsHandled(std::int64_t command) const;
  base::Status Withdraw(std::int64_t command, base::Instant now);
  /// Whether another connection may have changed the ledger since the last call. Cheap.
  bool ChangedByOthers();

  struct Impl;  ///< of this folder
  Impl& impl() const { return *impl_; }

 private:
  explicit Ledger(std::unique_ptr<Impl> impl);
  base::Result<std::optional<RolloutRecord>> FindSame(const NewRollout& rollout) const;
  std::unique_ptr<Impl> impl_;
};

/// While it lives, many small reads of this connection cost less. Nothing may be written meanwhile.
class Reading {
 public:
  explicit Reading(const Ledger& ledger);
  ~Reading();
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  const Ledger& ledger_;
  bool begun_;
};

}  // namespace lockstep::ledger
