#include <algorithm>

#include "core/base/text.h"
#include "core/check/rules.h"

namespace lockstep::check {
namespace {

using base::Quote;
using plan::ChangeType;
using plan::ConfigKind;

// ---- one spec ----

void CheckDuplicateTargets(Context& context, SpecIndex spec) {
  const base::Slice pool = context.plan.specs[spec].config.targets;
  if (pool.size() < 2) return;
  for (std::uint32_t at = pool.begin; at < pool.end; ++at) {
    const diagnostics::SpannedText& name = context.plan.targets[at];
    auto& [user, first] = context.target_users[context.target_of[at]];
    if (user != spec) {
      user = spec;
      first = name.span;
      continue;
    }
    if (name.value.empty()) continue;
    Diagnostic& found =
        context.Report(Rule::kDuplicateTarget, name.span,
                       Quote(name.value) + " is among the targets already; it becomes one task");
    found.related.push_back(context.RelatedAt(first, "the first time"));
    if (auto removal = context.RemovalAfter(context.plan.targets[at - 1].span, name.span)) {
      found.fixes.push_back({"remove the second " + Quote(name.value), {std::move(*removal)}});
    }
  }
}

void CheckGhostEngine(Context& context, SpecIndex spec) {
  const plan::Config& config = context.plan.specs[spec].config;
  if (config.type.value != ChangeType::kMigrateGhost) return;
  for (const DatabaseIndex database : context.DatabasesOf(spec)) {
    const sql::EngineFacts& engine = context.EngineOf(database);
    if (engine.engine == sql::Engine::kUnspecified || engine.supports_ghost) continue;
    const bool by_type = config.type.present && !config.enable_ghost.value;
    context.Report(Rule::kGhostEngine,
                   by_type ? config.type.span : SpanOrOpening(config.enable_ghost),
                   Quote(context.inventory.databases[database].name.value) + " is on " +
                       std::string(engine.title) +
                       ", and gh-ost works on MySQL and MariaDB only; use type MIGRATE");
    return;
  }
}

// ---- the whole plan ----

void CheckOneTargetKind(Context& context) {
  const auto has = [&](TargetKind kind) {
    return std::any_of(context.targets.begin(), context.targets.end(),
                       [&](const Target& target) { return target.kind == kind; });
  };
  if (!has(TargetKind::kDatabase) || !has(TargetKind::kGroup)) return;
  const diagnostics::SpannedText* first[2] = {};  // database, group
  for (const SpecIndex spec : context.plan.specs.indices()) {
    const plan::Config& config = context.plan.specs[spec].config;
    if (config.kind != ConfigKind::kChangeDatabase) continue;
    for (std::uint32_t at = config.targets.begin; at < config.targets.end; ++at) {
      const TargetKind kind = context.TargetAt(at).kind;
      if (kind != TargetKind::kDatabase && kind != TargetKind::kGroup) continue;
      auto& slot = first[kind == TargetKind::kGroup];
      if (slot == nullptr) slot = &context.plan.targets[at];
    }
  }
  if (first[0] == nullptr || first[1] == nullptr) return;
  const bool group_is_later = first[1]->span > first[0]->span;
  context
      .Report(
          Rule::kMixedTargetKinds, first[group_is_later]->span,
          "the plan has databases and database groups as targets, and only one kind is allowed; "
          "make two plans, or write out the group's databases")
      .related.push_back(context.RelatedAt(first[!group_is_later]->span,
                                           group_is_later ? "a database" : "a database group"));
}

std::string EnvironmentName(const Context& context, inventory::EnvironmentIndex environment) {
  return Quote(context.inventory.environments[environment].name.value);
}

/// Where a spec's databases are named: its first target.
Span TargetSpan(const Context& context, SpecIndex spec) {
  return context.plan.targets[context.plan.specs[spec].config.targets.begin].span;
}

bool StagesAreEnvironments(const Context& context) {
  return plan::StagesAreEnvironments(context.plan, context.options.semantics);
}

class EnvironmentRules {
 public:
  explicit EnvironmentRules(Context& context) : context_(context) {
    for (const DatabaseIndex database : context.inventory.databases.indices()) {
      of_.push_back(context.inventory.EnvironmentOf(database));
    }
    told_.resize(context.inventory.instances.size());
  }

  void CheckStep(const plan::Step& step) {
    inventory::EnvironmentIndex first;
    SpecIndex first_spec;
    bool mixed = StagesAreEnvironments(context_);  // which are never mixed
    const auto see = [&](SpecIndex spec, inventory::EnvironmentIndex environment) {
      if (!first.valid()) {
        first = environment;
        first_spec = spec;
      } else if (environment != first && !mixed) {
        mixed = true;
        Mixed(spec, environment, first_spec, first);
      }
    };
    for (const SpecIndex spec : step.specs) {
      const InstanceIndex new_on = context_.specs[spec].instance;  // of a database to be made
      if (new_on.valid()) {
        const std::string_view own =
            context_.plan.CreateOf(context_.plan.specs[spec]).environment.value;
        const auto environment = context_.inventory.EnvironmentOfNew(new_on, own);
        environment.valid() ? see(spec, environment) : NoEnvironmentOfNew(spec, new_on, own);
      }
      for (const DatabaseIndex database : context_.DatabasesOf(spec)) {
        const inventory::EnvironmentIndex environment = of_[database.value()];
        environment.valid() ? see(spec, environment) : NoEnvironment(spec, database);
      }
    }
  }

 private:
  void NoEnvironment(SpecIndex spec, DatabaseIndex database) {
    const inventory::Database& written = context_.inventory.databases[database];
    if (!written.environment.value.empty()) return;  // a finding of the inventory
    if (written.instance.valid()) NoEnvironment(spec, written.instance, written.name.value);
  }

  void NoEnvironmentOfNew(SpecIndex spec, InstanceIndex instance, std::string_view own) {
    if (!own.empty()) return;  // a finding of its own
    NoEnvironment(spec, instance, context_.inventory.instances[instance].name.value);
  }

  void NoEnvironment(SpecIndex spec, InstanceIndex instance, std::string_view of) {
    const inventory::Instance& written = context_.inventory.instances[instance];
    const bool leads_nowhere = !written.environment.value.empty();  // a finding of the inventory
    if (leads_nowhere || told_[instance.value()]) return;
    told_[instance.value()] = true;
    context_.Report(Rule::kNoEnvironment, TargetSpan(context_, spec),
                    "the environment of " + Quote(of) + " is not known; give " +
                        Quote(written.name.value) + " an environment in the inventory");
  }

  void Mixed(SpecIndex spec, inventory::EnvironmentIndex environment, SpecIndex first_spec,
             inventory::EnvironmentIndex first) {
    const bool one_spec = spec == first_spec;
    Diagnostic& found = context_.Report(
        Rule::kMixedEnvironments, TargetSpan(context_, spec),
        "this step changes databases of " + EnvironmentName(context_, first) + " and of " +
            EnvironmentName(context_, environment) + " side by side; make one step for each");
    if (one_spec) return;
    found.related.push_back(context_.RelatedAt(
        TargetSpan(context_, first_spec), "a database of " + EnvironmentName(context_, first)));
  }

  Context& context_;
  std::vector<inventory::EnvironmentIndex> of_;  // per database
  std::vector<bool> told_;                       // per instance
};

/// A dependency orders nothing when stages are environments and the two specs share none.
void CheckDependenciesShareEnvironments(Context& context) {
  if (!StagesAreEnvironments(context) || context.dependencies.empty()) return;
  std::vector<SpecIndex> marked(context.inventory.environments.size());
  for (const SpecIndex spec : context.plan.specs.indices()) {
    const base::Slice edges = context.specs[spec].depends_on;
    if (edges.empty() || context.DatabasesOf(spec).empty()) continue;
    bool all_known = true;
    for (const DatabaseIndex database : context.DatabasesOf(spec)) {
      const auto environment = context.inventory.EnvironmentOf(database);
      if (environment.valid()) marked[environment.value()] = spec;
      all_known = all_known && environment.valid();
    }
    for (std::uint32_t edge = edges.begin; edge < edges.end && all_known; ++edge) {
      const SpecIndex on = context.dependencies[edge];
      bool shared = context.DatabasesOf(on).empty();
      for (const DatabaseIndex database : context.DatabasesOf(on)) {
        const auto environment = context.inventory.EnvironmentOf(database);
        shared = shared || !environment.valid() || marked[environment.value()] == spec;
      }
      if (shared) continue;
      context
          .Report(Rule::kDependencyNeverShared,
                  context.plan.dependencies[context.dependency_at[edge]].span,
                  context.NameOf(on) + " and " + context.NameOf(spec) +
                      " share no environment, so they end up in different stages and the entry "
                      "orders nothing")
          .related.push_back(context.RelatedAt(context.SpanOf(on), "the spec it waits for"));
    }
  }
}

}  // namespace

void CheckSpecTargets(Context& context, SpecIndex spec) {
  CheckDuplicateTargets(context, spec);
  CheckGhostEngine(context, spec);
}

void CheckTargets(Context& context) {
  if (context.task_count > kMaxTasks) {
    context.Refuse(Rule::kTooManyTasks, Opening(context.plan.span),
                   "the specs on their databases make " + std::to_string(context.task_count) +
                       " tasks; " + std::to_string(kMaxTasks) + " is the limit");
  }
  CheckOneTargetKind(context);
  CheckDatabaseOrder(context);
  if (!context.has_inventory) {
    context.Report(
        Rule::kNoInventory, Opening(context.plan.span),
        "without an inventory, rules about targets, engines and environments are silent, "
        "and a database group counts as one database");
    return;
  }
  EnvironmentRules environments(context);
  for (const plan::Step& step : context.plan.steps) environments.CheckStep(step);
  CheckDependenciesShareEnvironments(context);
}

}  // namespace lockstep::check
