// Client: how one engine's command-line client is asked to run a sheet, and what its end means. All
// of it is pure: commands are data, made here, started by native/process and judged here again from
// what came back.
//
// The life of a run: MakeRun -> process (stdout through a MarkerFilter) -> Interpret. A run whose
// end nobody saw, or whose verdict is kLost, is asked about with MakeProbe -> process ->
// InterpretProbe. A run that MayShareClient may come behind another one in the same process; it
// has succeeded as soon as its final marker came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/rollout/event.h"
#include "core/rollout/rollout.h"
#include "core/sql/engine.h"
#include "core/sql/splitter.h"
#include "native/client/marker_filter.h"

namespace lockstep::client {

struct Limits {
  base::Duration task_timeout{0};       ///< whole run; 0: none
  base::Duration statement_timeout{0};  ///< 0: none. From kStarted or kDone(k) to the next marker
};

/// What to start. The environment is exactly `env`; nothing is inherited.
struct ClientCommand {
  std::string program;            ///< path, or a bare name to look up on PATH
  std::vector<std::string> args;  ///< without argv[0]; never a secret, never the sheet
  std::vector<std::string> env;   ///< "NAME=value"
  /// Stdin: a file in memory; a pipe only where MayShareClient says that it may break anywhere.
  std::string script;
  /// Contents of files that only this client can open, as /proc/self/fd/3, 4, …: may hold secrets.
  std::vector<std::string> files;
  std::string working_folder;
  Limits limits;
};

/// Where a task works.
struct Target {
  sql::Engine engine = sql::Engine::kUnspecified;
  std::string program;  ///< the client: "sqlite3", or a path from --client
  /// SQLite: absolute path of the database file with symbolic links resolved (of the folder, when
  /// the file is still to be created), since the client is told to follow none. Else: its name.
  std::string database;
  // Of servers. Empty: the client's own default.
  std::string host;  ///< a name, or an absolute path: of the sockets' folder (PostgreSQL), of the
                     ///< socket (MariaDB)
  std::string port, username;
  std::string_view password;  ///< reaches the client through ClientCommand::files only
};

/// Where an interrupted sheet goes on.
struct ResumePoint {
  std::uint32_t done = 0;   ///< statements, from the first, that are applied
  std::uint32_t steps = 0;  ///< marker rows of steps that are done, as they were seen
  std::uint32_t begun = 0;  ///< the statement that was about to run, from 1; 0: none was
  bool begun_is_applied = false;
  std::string invalid_index;  ///< what is left of it, to be dropped first

  /// The first statement that is still to run, as an index.
  std::size_t next() const { return begun_is_applied ? begun : done; }
};

/// What DATABASE_CREATE makes; what is empty is up to the server.
struct NewDatabase {
  std::string_view name, character_set, collation, owner;
};

/// What is known of a statement that was about to run: from a person; kFailed: the server said so
/// when it ran.
enum class Assumption : std::uint8_t { kNothing, kDone, kNotApplied, kFailed };

/// All that a script is made from. Views must outlive the calls that get it. The same TaskScript
/// must be given to MakeRun and Interpret: places of errors are found by making the script again.
struct TaskScript {
  rollout::TaskType type = rollout::TaskType::kSchemaUpdate;
  /// Primary key of the marker row: spec and sheet, whatever plan, rollout or ledger they are in.
  std::string task_key;
  std::string spec_id;   ///< a sheet that this spec has applied under another name is applied
  /// Primary key of the row of its schemaVersion; empty: it has none. Written with the end of the
  /// task, whichever it was: a version that the database has is not applied again.
  std::string version_key;
  std::string run_name;  ///< this attempt
  std::string runner;    ///< "host:pid"
  std::string nonce;     ///< 32 hex digits, new and random for each process
  std::string sheet_name, sheet_sha256;
  std::string_view sheet;             ///< empty for DATABASE_CREATE and DATABASE_SCHEMA_BASELINE
  std::optional<NewDatabase> create;  ///< of a DATABASE_CREATE
  const sql::SplitResult* split = nullptr;  ///< of `sheet`; may be null when the sheet is empty
  base::Duration busy_timeout = base::Seconds(5);  ///< wait for a lock
  std::optional<ResumePoint> resume;               ///< of a verdict kResumable
  Assumption assume = Assumption::kNothing;
  bool cancel_orphans = false;  ///< end a session of this very task that still holds the lock
  /// Of a client that has done another task before: the fact "session" as it told it last.
  std::string session;
  bool more_follow = false;  ///< its client is kept for another task
  Limits limits;
};

enum class RunState : std::uint8_t {
  kSucceeded,       ///< exit 0 and the final marker: all of it is committed
  kFailed,          ///< `error` says why; `nothing_done` whether the target is as it was
  kAlreadyApplied,  ///< the marker row of this task was there before: `row`
  kPartial,         ///< a marker row without its end was there, or is left there: needs a person
  kResumable,  ///< an earlier run ended in between; `resume` says where to go on: MakeRun again
  kLost,       ///< the end of the run does not tell; ask with a probe
};

struct RunVerdict {
  RunState state = RunState::kLost;
  rollout::TaskError error;   ///< with the sheet's line and column
  bool nothing_done = false;  ///< rolled back, or never begun: another attempt is safe
  bool lock_busy = false;     ///< somebody else held the database: worth another attempt later
  std::uint32_t statements_done = 0;  ///< that ran, committed or not; at least so many
  std::optional<MarkerRow> row;
  std::uint32_t committed = 0;  ///< statements of a sheet that is applied step by step
  ResumePoint resume;           ///< of kResumable
  std::string holder;           ///< who holds the lock, when the target tells
  /// kFailed: a statement that commits by itself did nothing, and its row says that it was begun: a
  /// probe that assumes kFailed takes the row away. Else what a person mends until the next attempt
  /// would be taken for its work.
  bool begun_failed = false;
};

enum class ProbeState : std::uint8_t {
  kCommitted,   ///< the target has all of it
  kNotApplied,  ///< the target has none of it
  kRepeatable,  ///< it was begun outside a transaction, but running it again is harmless
  kResumable,   ///< `resume` says how much of it the target has: the next run goes on from there
  kPartial,     ///< it was begun and did not end: needs a person
  kBusy,        ///< the lock is held: the orphan may still work; probe again
  kUnknown,     ///< the target did not answer: `error`
};

struct ProbeVerdict {
  ProbeState state = ProbeState::kUnknown;
  std::optional<MarkerRow> row;
  rollout::TaskError error;  ///< of kUnknown and kPartial
  ResumePoint resume;
  std::string holder;
};

/// How a process ended. `standard_error` may be cut in front, never at its end.
struct ProcessEnd {
  int exit_code = 0;  ///< when `signal` is 0
  int signal = 0;
  std::string_view standard_error;
  /// Of script that an earlier task gave to the same client: it counts lines from its own start.
  std::uint32_t lines_before = 0;

  /// A line that the client told, as one of the task's own script; 0 stays 0.
  std::uint32_t OwnLine(std::uint32_t line) const {
    return line > lines_before ? line - lines_before : 0;
  }
};

struct Version {
  std::string text;                    ///< "3.40.1"
  std::optional<std::string> refusal;  ///< why this client cannot be used
};

class Client {
 public:
  virtual ~Client() = default;

  /// Names to look for, best first: "sqlite3". A `*` in a path stands for a version.
  virtual std::vector<std::string> default_programs() const = 0;
  virtual std::string_view package() const = 0;  ///< what to install on Debian

  virtual ClientCommand MakeVersionProbe(const Target& target) const = 0;
  virtual Version InterpretVersion(const ProcessEnd& end,
                                   std::string_view standard_output) const = 0;
  /// Opens the target and changes nothing: for the check of all connections before a run. Its
  /// answer: nothing, or what is wrong. `will_be_created`: an earlier task of the rollout creates
  /// this database.
  virtual ClientCommand MakeConnectionProbe(const Target& target, bool will_be_created,
                                            std::string_view nonce) const = 0;
  /// Whether its client may be given a task afterwards, through a pipe (see MayShareClient).
  virtual bool ConnectionProbeMayStay() const { return false; }
  virtual std::optional<rollout::TaskError> InterpretConnection(const MarkerLog& markers,
                                                                const ProcessEnd& end) const = 0;

  /// REQUIRES: check::WhyNotExecutable and WhyNotRunnable have nothing to say.
  virtual ClientCommand MakeRun(const Target& target, const TaskScript& script) const = 0;
  virtual RunVerdict Interpret(const Target& target, const TaskScript& script,
                               const MarkerLog& markers, const ProcessEnd& end) const = 0;

  /// Asks who has locked what a statement (an index) waited for, right after it gave up; its answer
  /// is the fact "holder". Nothing: the target does not tell.
  virtual std::optional<ClientCommand> MakeHolderProbe(const Target& target,
                                                       const TaskScript& script,
                                                       std::uint32_t statement) const {
    (void)target, (void)script, (void)statement;
    return std::nullopt;
  }

  /// Asks in which session of the server a task that runs works, which sessions it waits for and
  /// which wait for it. Its answer is the fact "sessions": JSON, as Bytebase's TaskRunSession has
  /// it for this engine. Nothing: the engine is not asked.
  virtual std::optional<ClientCommand> MakeSessionProbe(const Target& target,
                                                        const TaskScript& script) const {
    (void)target, (void)script;
    return std::nullopt;
  }

  /// Whether the script may be given to a client through a pipe, behind another task's and before
  /// another task's: wherever it is cut it commits nothing, and it leaves nothing in the session
  /// that ResetSession does not take away.
  virtual bool MayShareClient(const TaskScript& script) const {
    (void)script;
    return false;
  }
  /// Script behind a task whose client waits for another one: whole lines.
  virtual std::string_view ResetSession() const { return ""; }
  /// Script for a client for which no task has come, before its input ends: whole lines.
  virtual std::string_view EndSession(std::string_view session) const {
    (void)session;
    return "";
  }
  /// The final marker comes on standard error too, so that what a kept client wrote there can be
  /// put to its task. Else nothing is written there by a task that succeeds.
  virtual bool MarksStandardError() const { return false; }

  virtual ClientCommand MakeProbe(const Target& target, const TaskScript& script) const = 0;
  virtual ProbeVerdict InterpretProbe(const TaskScript& script, const MarkerLog& markers,
                                      const ProcessEnd& end) const = 0;
};

/// Null where EngineFacts::has_client is false.
const Client* ClientFor(sql::Engine engine);

/// Why this sheet cannot be run as one task: to be asked before anything starts.
std::optional<rollout::TaskError> WhyNotRunnable(const TaskScript& script, sql::Engine engine);

}  // namespace lockstep::client
