// Inventory: what a plan points at. Environments in order, instances, databases with labels,
// database groups, and where sheets lie. Field names follow Bytebase's where it has one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/calendar.h"
#include "core/base/index.h"
#include "core/diagnostics/emitter.h"
#include "core/diagnostics/source.h"
#include "core/json/document.h"
#include "core/sql/engine.h"

namespace lockstep::inventory {

using diagnostics::Span;
using diagnostics::Spanned;
using diagnostics::SpannedText;

using EnvironmentIndex = base::Index<struct EnvironmentTag>;
using InstanceIndex = base::Index<struct InstanceTag>;
using DatabaseIndex = base::Index<struct DatabaseTag>;

/// When tasks may run. Lockstep's own: Bytebase has no such thing.
struct Hours {
  std::vector<Spanned<base::Window>> windows;  ///< none: at any time
  std::vector<base::Freeze> freezes;
};

/// When tasks of an environment start. `automatic` is for the services: `lockstep run` was asked by
/// a person.
struct RolloutPolicy {
  bool automatic = true;                 ///< as soon as there is a rollout, without being asked
  bool issue_approval_required = false;  ///< never before the plan's issue is approved
  bool operator==(const RolloutPolicy&) const = default;
};

struct Environment {
  SpannedText name;  ///< "environments/prod"
  SpannedText title, color;
  SpannedText tier;  ///< "PROTECTED", "UNPROTECTED": said to clients, without effect
  Hours hours;
  RolloutPolicy rollout_policy;
};

/// Of stages with this title; windows take the place of those of their environment.
struct StageHours {
  SpannedText title;
  Hours hours;
};

struct Label {
  SpannedText key, value;
};

/// A secret by reference; its value never enters core.
struct SecretReference {
  enum class Kind { kNone, kEnvironment, kFile, kCommand };
  Kind kind = Kind::kNone;
  std::string_view name;                  ///< variable or path
  std::vector<std::string_view> command;  ///< argv
};

struct DataSource {
  SpannedText id;    ///< "": it has none, and goes by its position
  SpannedText type;  ///< "ADMIN"
  SpannedText host, port, username;
  SecretReference password;
  Span span;
};

struct Instance {
  SpannedText name;  ///< "instances/prod"
  SpannedText title, external_link;
  Spanned<sql::Engine> engine;
  SpannedText environment;                    ///< name; "" = none
  Spanned<std::int64_t> maximum_connections;  ///< absent or 0: kDefaultMaximumConnections
  std::vector<DataSource> data_sources;
  Span span;
  bool synthesized = false;  ///< made from a plan's targets because there was no inventory

  const DataSource* Admin() const;  ///< the ADMIN data source, or null
};
constexpr std::int64_t kDefaultMaximumConnections = 10;  // Bytebase 3.4.0, plan-semantics §5.5

struct Database {
  SpannedText name;           ///< "instances/prod/databases/hr"
  std::string_view database;  ///< "hr"
  InstanceIndex instance;
  SpannedText environment;  ///< own; "" = the instance's
  std::vector<Label> labels;
  Span span;
};

struct DatabaseGroup {
  SpannedText name;        ///< "projects/sample/databaseGroups/all-hr"
  SpannedText title;
  SpannedText expression;  ///< CEL (group_match.h)
  Span span;
};

struct SheetEntry {
  SpannedText name;              ///< "projects/sample/sheets/741"
  SpannedText file;              ///< relative to the inventory's folder
  SpannedText statement;         ///< inline text
  Spanned<std::string> content;  ///< decoded base64
  Span span;
};

struct Inventory {
  diagnostics::SourceId source;  ///< invalid when synthesized
  base::IndexVector<EnvironmentIndex, Environment> environments;
  base::IndexVector<InstanceIndex, Instance> instances;
  base::IndexVector<DatabaseIndex, Database> databases;
  std::vector<DatabaseGroup> groups;
  std::vector<SheetEntry> sheets;
  std::vector<StageHours> stages;
  bool terminal_end_state =
      false;  ///< "stagePolicy": {"endState": "terminal"}: FAILED and CANCELED end a stage too
  bool synthesized = false;

  // Look-ups by full name. First of duplicates (a rule reports the others).
  std::unordered_map<std::string_view, EnvironmentIndex> environment_by_name;
  std::unordered_map<std::string_view, InstanceIndex> instance_by_name;
  std::unordered_map<std::string_view, DatabaseIndex> database_by_name;
  std::unordered_map<std::string_view, std::uint32_t> group_by_name;  ///< index in `groups`
  std::unordered_map<std::string_view, std::uint32_t> sheet_by_name;  ///< index in `sheets`

  const Environment* FindEnvironment(std::string_view name) const;
  InstanceIndex FindInstance(std::string_view name) const;  ///< invalid index when unknown
  DatabaseIndex FindDatabase(std::string_view name) const;  ///< invalid index when unknown
  const DatabaseGroup* FindGroup(std::string_view name) const;
  const SheetEntry* FindSheet(std::string_view name) const;
  /// Its own environment, else its instance's; invalid when neither is known.
  EnvironmentIndex EnvironmentOf(DatabaseIndex database) const;
  /// Of a database that is to be made: `own` ("environments/test", or "test" alone, as the server
  /// takes it), or when that is empty the instance's. Invalid when it is not known.
  EnvironmentIndex EnvironmentOfNew(InstanceIndex instance, std::string_view own) const;
};

/// JSON -> Inventory: shape (proto3 JSON rules, "did you mean"), duplicates of names, malformed
/// names, names that lead nowhere. Reports all of it; decodes what it can.
std::optional<Inventory> DecodeInventory(const json::Document& document, bool lenient,
                                         diagnostics::Emitter& emitter);

}  // namespace lockstep::inventory
