#include "core/check/executable.h"

#include <set>

#include "core/check/rules.h"

namespace lockstep::check {
namespace {

using plan::ChangeType;
using plan::ConfigKind;

/// Of types other than DATA a backup is ignored; later flat plans have no types.
bool WantsBackup(const plan::Config& config) {
  const bool asked = !config.backup_database.value.empty() || config.enable_prior_backup.value;
  return asked && (!config.type.present || config.type.value == ChangeType::kData);
}

class Reasons {
 public:
  explicit Reasons(Context& context) : context_(context) {}

  void Add(const plan::Config& config, sql::Engine engine) {
    if (engine == sql::Engine::kUnspecified) return;
    const auto found = WhyNotExecutable(config, engine);
    if (!found || !said_.insert(found->why).second) return;
    context_.Report(Rule::kNotExecutable, found->place, "Lockstep's runner: " + found->why);
  }

 private:
  Context& context_;
  std::set<std::string> said_;
};

}  // namespace

std::optional<NotExecutable> WhyNotExecutable(const plan::Config& config, sql::Engine engine) {
  const sql::EngineFacts& facts = sql::Facts(engine);
  if (!facts.has_client) {
    return NotExecutable{"tasks on " + std::string(facts.title) +
                             " cannot be executed yet: this version runs PostgreSQL, MariaDB, "
                             "MySQL, SQLite and Firebird; validate and simulate work",
                         config.key_span};
  }
  if (config.kind == ConfigKind::kExportData) {
    return NotExecutable{"an export cannot be executed yet; take its spec out of the plan",
                         config.key_span};
  }
  if (config.kind == ConfigKind::kCreateDatabase) {
    if (engine != sql::Engine::kFirebird) return std::nullopt;
    return NotExecutable{
        "a database cannot be created on Firebird yet; create it by hand and take its spec out of "
        "the plan",
        config.key_span};
  }
  if (config.type.value == ChangeType::kMigrateSdl) {
    return NotExecutable{
        "a declared schema (MIGRATE_SDL) cannot be executed yet; write the change as MIGRATE",
        config.type.span};
  }
  if (config.type.value == ChangeType::kMigrateGhost || config.enable_ghost.value) {
    return NotExecutable{"an online migration (MIGRATE_GHOST) cannot be executed yet; use MIGRATE",
                         config.enable_ghost.value ? config.enable_ghost.span : config.type.span};
  }
  if (WantsBackup(config)) {
    const bool by_name = !config.backup_database.value.empty();
    return NotExecutable{
        std::string(
            "no backup can be made before a change yet; make it by other means, and take ") +
            (by_name ? "preUpdateBackupDetail" : "enablePriorBackup") + " out of the spec",
        by_name ? config.backup_database.span : config.enable_prior_backup.span};
  }
  return std::nullopt;
}

void CheckExecutable(Context& context) {
  Reasons reasons(context);
  for (const SpecIndex spec : context.plan.specs.indices()) {
    const plan::Config& config = context.plan.specs[spec].config;
    if (const InstanceIndex instance = context.specs[spec].instance; instance.valid())
      reasons.Add(config, context.inventory.instances[instance].engine.value);
    // Of a group there may be thousands, mostly of one engine.
    sql::Engine before = sql::Engine::kUnspecified;
    for (const DatabaseIndex database : context.DatabasesOf(spec)) {
      const sql::Engine engine = context.EngineOf(database).engine;
      if (engine != before) reasons.Add(config, engine);
      before = engine;
    }
  }
}

}  // namespace lockstep::check
