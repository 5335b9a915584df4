// Context: the facts about one plan that rules share, each computed once. Rules read it and report
// through it; they do not look anything up again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/check/check.h"
#include "core/check/interner.h"
#include "core/graph/digraph.h"

namespace lockstep::check {

using diagnostics::Diagnostic;
using diagnostics::Place;
using diagnostics::Rule;
using diagnostics::Span;
using inventory::DatabaseIndex;
using inventory::InstanceIndex;
using plan::SpecIndex;

/// More is no rollout that anybody watches: a mistake in a group, or an attack.
constexpr std::uint64_t kMaxTasks = 10'000'000;

enum class TargetKind : std::uint8_t {
  kMalformed,
  kDatabase,
  kGroup,
  kInstance,
  kDeploymentConfig
};

/// One of the distinct texts among the plan's targets.
struct Target {
  std::string_view name;
  TargetKind kind = TargetKind::kMalformed;
  bool has_empty_part = false;
  bool is_unreadable = false;  ///< a group whose expression is a finding of the inventory
  InstanceIndex instance;      ///< of a database or an instance; invalid when unknown
  const inventory::DatabaseGroup* group = nullptr;
  base::Slice databases;  ///< Context::databases; empty when unknown or without match
};

/// What a sheet is run for: findings about its text depend on it.
struct SheetUse {
  SpecIndex spec;  ///< the first one that uses it so
  sql::Engine engine = sql::Engine::kUnspecified;
  plan::ConfigKind kind = plan::ConfigKind::kNone;
  plan::ChangeType type = plan::ChangeType::kUnspecified;
};

struct SheetFacts {
  bool name_is_fine = false;  ///< a number, and the plan's project as far as that is known
  SpecIndex runner;           ///< the first spec that runs it; a baseline never does
};

/// What is known about a sheet when sheets are on offer.
struct SheetRuns {
  std::vector<SheetUse> uses;  ///< distinct but for `spec`
  std::string load_error;      ///< not empty: it is there, but cannot be read
};

class Context {
 public:
  /// `inventory` is the given one or, with `has_inventory` false, an empty one that gets what the
  /// targets name.
  Context(const plan::Plan& plan, inventory::Inventory* synthesized,
          const inventory::Inventory* inventory, const inventory::SheetLibrary* library,
          const Options& options, diagnostics::Sources& sources, diagnostics::Emitter& emitter);

  const plan::Plan& plan;
  const inventory::Inventory& inventory;
  const bool has_inventory;
  const inventory::SheetLibrary* const library;  ///< null: no sheets on offer
  const Options& options;
  diagnostics::Sources& sources;
  diagnostics::Emitter& emitter;

  // ---- references ----
  std::string_view project;  ///< of plan.name; empty when unknown
  Interner spec_ids;
  std::vector<std::uint32_t>
      id_of;  ///< per spec: number of its id; Interner::kNone when it has none
  std::vector<SpecIndex> spec_of_id;  ///< by number of spec_ids: the first spec of that id
  SpecIndex first_of_kind[4];         ///< by ConfigKind
  std::uint32_t kind_counts[4] = {};
  Interner target_names;
  std::vector<Target> targets;           ///< by number of target_names
  std::vector<std::uint32_t> target_of;  ///< parallel to plan.targets: number in `targets`
  /// Per target, the last spec of several targets that named it, and where: finds repetitions
  /// (rules_target.cc).
  std::vector<std::pair<SpecIndex, Span>> target_users;
  std::vector<SpecIndex> dependency_of;  ///< parallel to plan.dependencies; invalid when unknown
  Interner sheet_names;                  ///< numbers are SheetIndex values
  base::IndexVector<SheetIndex, Sheet> sheets;
  base::IndexVector<SheetIndex, SheetFacts> sheet_facts;
  base::IndexVector<SheetIndex, SheetRuns> sheet_runs;  ///< empty without a library
  std::vector<std::string> offered_sheets;              ///< names of all sheets on offer

  // ---- what CheckedPlan keeps ----
  base::IndexVector<SpecIndex, CheckedSpec> specs;
  std::vector<DatabaseIndex> databases;
  std::uint64_t task_count = 0;  ///< as far as the databases of specs are known; a gh-ost pair is 1
  std::vector<SpecIndex> dependencies;
  std::vector<std::uint32_t>
      dependency_at;  ///< parallel: where in plan.dependencies it was first written
  /// False once something is found that no rollout can be made of, whatever severity the user gave
  /// the rule.
  bool expandable = true;

  // ---- order ----
  std::vector<plan::StepIndex>
      step_of;                ///< per spec: walks by database would miss the cache otherwise
  bool has_versions = false;  ///< some spec has a schemaVersion
  bool dependencies_are_acyclic = true;  ///< known after CheckDependencies, which opens circles
  SpecIndex first_time;                  ///< the first spec with an earliestAllowedTime that counts
  graph::Digraph
      dependency_graph;  ///< spec -> spec it waits for; same step, no self, no repetition
  std::vector<std::uint32_t>
      database_row;                       ///< per database, where its specs start in database_specs
  std::vector<SpecIndex> database_specs;  ///< the specs of each database, in plan order

  std::span<const DatabaseIndex> DatabasesOf(SpecIndex spec) const {
    return specs[spec].databases.Of(databases);
  }
  std::span<const SpecIndex> SpecsOn(DatabaseIndex database) const;
  const Target& TargetAt(std::uint32_t pool_position) const {
    return targets[target_of[pool_position]];
  }
  const sql::EngineFacts& EngineOf(DatabaseIndex database) const;
  /// True when one of the two waits for the other through dependsOnSpecs; also when that is too
  /// costly to tell.
  bool Ordered(SpecIndex a, SpecIndex b);
  /// True when `a` waits for `b`, at any distance; false when that is too costly to tell.
  bool WaitsFor(SpecIndex a, SpecIndex b);

  // ---- reporting ----
  /// Takes the last of two neighbours out of their list, with the comma between them; nothing where
  /// more than that stands between them (a comment, the end of another list).
  std::optional<diagnostics::Edit> RemovalAfter(Span before, Span entry) const;
  Place PlaceOf(Span span) const { return {plan.source, span}; }
  Diagnostic& Report(Rule rule, Span span, std::string message);
  /// For findings that no rollout can be made of.
  Diagnostic& Refuse(Rule rule, Span span, std::string message);
  diagnostics::Related RelatedAt(Span span, std::string message) const;
  /// "spec \"a\"", or "the second spec of step 1" kind of words when it has no id.
  std::string NameOf(SpecIndex spec) const;
  /// Where to point when a whole spec is meant: its id, else its opening brace.
  Span SpanOf(SpecIndex spec) const;
  /// `; did you mean "x"?` or nothing. All suggestions of one check share an allowance of
  /// comparisons.
  template <class Items, class NameOf>
  std::string Suggest(std::string_view text, const Items& items, NameOf name_of) {
    if (items.size() > comparisons_left_) return {};
    std::vector<std::string_view> candidates;
    candidates.reserve(items.size());
    for (const auto& item : items) candidates.push_back(name_of(item));
    return SuggestAmong(text, candidates);
  }

 private:
  void ResolveId(SpecIndex spec);
  void ResolveTargets(const plan::Config& config);
  void ResolveSheet(SpecIndex spec);
  void ResolveDatabases(SpecIndex spec);
  void ResolveSpec(SpecIndex spec);
  void ResolveSpecs();
  void PrefetchSpec(const plan::Spec& spec) const;
  SpecIndex FindDependency(SpecIndex spec, std::string_view id) const;
  void ResolveDependencies();
  void IndexDatabases();
  std::string SuggestAmong(std::string_view text, std::span<const std::string_view> candidates);

  inventory::Inventory* const synthesized_;  // null when an inventory was given
  std::optional<graph::ReachabilityProbe> probe_;
  std::vector<SpecIndex> last_user_;        // per database: marks repetitions inside one spec
  std::size_t comparisons_left_ = 100'000;  // a few hundred ms at most
};

/// `{` alone: where something is missing, the whole object is no place to point at.
inline Span Opening(Span object) {
  return {object.begin, object.begin + 1};
}
/// The value, or the opening of the object that lacks it.
template <class T>
Span SpanOrOpening(const diagnostics::Spanned<T>& value) {
  return value.present ? value.span : Opening(value.span);
}

/// A number; in the newest Bytebase the SHA-256 of the text.
bool IsSheetId(std::string_view id);
/// Loads and splits every sheet that is run (sheet_texts.cc).
void LoadSheets(Context& context);
/// What target names mean (target_names.cc).
Target ParseTarget(std::string_view name);
/// Fills the target from the inventory, or adds what it names to `synthesized`.
void ResolveTarget(Target& target, const inventory::Inventory& inventory,
                   inventory::Inventory* synthesized, std::vector<DatabaseIndex>& databases);

}  // namespace lockstep::check
