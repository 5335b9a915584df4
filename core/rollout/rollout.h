// Rollout: a plan expanded into stages and tasks, as plain data. The scheduler, the simulator and
// the runner see only this: no plan, no JSON, no SQL. Order of indices is plan order, which breaks
// every tie.
//
// A *group* is the set of tasks that one spec became in one stage.
// Dependencies are between groups, so a spec over 1,000 databases that depends on another such spec
// costs one edge, not a million.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/calendar.h"
#include "core/base/index.h"
#include "core/base/time.h"

namespace lockstep::rollout {

using StageIndex = base::Index<struct StageTag>;
using TaskIndex = base::Index<struct TaskTag>;
using GroupIndex = base::Index<struct GroupTag>;
using DatabaseIndex = base::Index<struct RolloutDatabaseTag>;
using InstanceIndex = base::Index<struct RolloutInstanceTag>;
using SheetIndex = base::Index<struct RolloutSheetTag>;

/// Names of Bytebase's Task.Type.
enum class TaskType : std::uint8_t {
  kDatabaseCreate,
  kSchemaBaseline,
  kSchemaUpdate,
  kSchemaUpdateSdl,
  kSchemaUpdateGhostSync,
  kSchemaUpdateGhostCutover,
  kSchemaUpdateGhost,
  kDataUpdate,
  kDataExport,
};
std::string_view ToString(TaskType type);  ///< "DATABASE_SCHEMA_UPDATE", …

struct Task {
  StageIndex stage;
  GroupIndex group;
  std::uint32_t spec = 0;  ///< index of the spec in its plan
  DatabaseIndex database;  ///< invalid for DATABASE_CREATE
  InstanceIndex instance;
  TaskType type = TaskType::kSchemaUpdate;
  bool serial = true;         ///< takes turns on its database
  base::Instant earliest{0};  ///< 0: no limit
  std::uint32_t version_rank =
      0;  ///< 0: unversioned; among the versioned tasks of one database, tasks of
          ///< a smaller rank go first; equal versions have equal ranks
  bool operator==(const Task&) const = default;
};

struct Group {
  base::Slice tasks;       ///< Rollout::group_tasks, ascending
  base::Slice depends_on;  ///< Rollout::dependencies
  bool operator==(const Group&) const = default;
};

struct Stage {
  std::string title;
  std::string environment;            ///< "environments/prod" or ""
  base::IndexRange<TaskIndex> tasks;  ///< contiguous; stages follow each other
  base::Calendar calendar = {};       ///< when its tasks may start
};

struct Database {
  std::string name;
  InstanceIndex instance;
};
struct Instance {
  std::string name;
  std::uint32_t maximum_connections = 10;
};

/// What is known of a sheet of SQL: by it durations are guessed and recognised. Nothing that is
/// decided about a rollout depends on it.
struct Sheet {
  std::string sha256;  ///< hex; empty without its text
  std::uint64_t bytes = 0;
  std::string statement_class;  ///< "DDL", "DML", …: of most of its statements; "" without any
};

/// The semantics as the scheduler sees them (made by Expand from plan::Semantics and the
/// inventory).
struct Policy {
  enum class StageGate : std::uint8_t {
    kPreviousEnded,  ///< a stage opens when the one before has ended
    kNone,           ///< all stages open at once
  };
  StageGate stage_gate = StageGate::kPreviousEnded;
  bool terminal_end_state = false;  ///< FAILED and CANCELED end a stage
  std::uint32_t parallel = 0;       ///< runs at once in the whole rollout; 0: no limit
  std::uint32_t canary = 0;         ///< so many tasks of a group go before its others; 0: none
  std::optional<std::uint32_t> max_failures;  ///< more FAILED tasks pause the rollout
  bool on_request = false;  ///< a task gets its first run when somebody asks for it (RunTasks)
  bool operator==(const Policy&) const = default;
};

struct Rollout {
  std::string
      name;  ///< "projects/sample/rollouts/101"; "projects/-/rollouts/-" while it is only simulated
  std::string title;
  std::string digest;  ///< hex SHA-256 over plan, sheets, resolved targets, policy, version
  Policy policy;
  base::IndexVector<StageIndex, Stage> stages;
  base::IndexVector<TaskIndex, Task> tasks;
  base::IndexVector<GroupIndex, Group> groups;
  base::IndexVector<DatabaseIndex, Database> databases;
  base::IndexVector<InstanceIndex, Instance> instances;
  std::vector<TaskIndex> group_tasks;    ///< pool
  std::vector<GroupIndex> dependencies;  ///< pool
  std::vector<std::string> spec_ids;     ///< by Task::spec
  std::vector<SheetIndex> spec_sheets;   ///< by Task::spec; invalid without one; empty: unknown
  base::IndexVector<SheetIndex, Sheet> sheets;
  /// How long a run is expected to take: it does not start where it would outlast its window.
  /// Empty: nothing is known.
  base::IndexVector<TaskIndex, base::Duration> expected;

  /// "projects/…/rollouts/101/stages/1/tasks/3": numbers count from 1 over the whole rollout.
  std::string StageName(StageIndex stage) const;
  std::string TaskName(TaskIndex task) const;
  std::string TaskRunName(TaskIndex task, std::uint32_t attempt) const;
  /// "" for DATABASE_CREATE, which has no database yet.
  const std::string& DatabaseName(const Task& task) const;
  /// The database, or the instance on which one is made.
  const std::string& TargetName(const Task& task) const;
  /// Whether it is one of the first tasks of its group, which go before the others (Policy).
  bool IsCanary(TaskIndex task) const;
  std::optional<StageIndex> FindStage(std::string_view name) const;
  std::optional<TaskIndex> FindTask(std::string_view name) const;
};

}  // namespace lockstep::rollout
