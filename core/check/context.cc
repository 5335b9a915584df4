#include "core/check/context.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/names/resource_name.h"

namespace lockstep::check {
namespace {

constexpr std::uint64_t kOrderBudget = 4'000'000;  // node visits for all questions about order

}  // namespace

bool IsSheetId(std::string_view id) {
  if (names::ParseNumericId(id)) return true;
  return id.size() == 64 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Context::Context(const plan::Plan& plan_in, inventory::Inventory* synthesized,
                 const inventory::Inventory* inventory_in,
                 const inventory::SheetLibrary* library_in, const Options& options_in,
                 diagnostics::Sources& sources_in, diagnostics::Emitter& emitter_in)
    : plan(plan_in),
      inventory(inventory_in ? *inventory_in : *synthesized),
      has_inventory(inventory_in != nullptr),
      library(library_in),
      options(options_in),
      sources(sources_in),
      emitter(emitter_in),
      spec_ids(plan_in.specs.size()),
      target_names(plan_in.targets.size()),
      sheet_names(plan_in.specs.size()),
      specs(plan_in.specs.size()),
      dependency_graph(0, {}),
      synthesized_(inventory_in ? nullptr : synthesized) {
  if (const auto name = names::ParsePlanName(plan.name.value)) project = name->project;
  const std::size_t count = plan.specs.size();
  id_of.reserve(count);
  spec_of_id.reserve(count);
  step_of.reserve(count);
  target_of.reserve(plan.targets.size());
  sheets.reserve(count);  // pages that nobody touches cost nothing; moving 100,000 sheets does
  sheet_facts.reserve(count);
  ResolveSpecs();
  target_users.resize(targets.size());
  ResolveDependencies();
  IndexDatabases();
}

// Looking up three names of 100,000 specs is mostly waiting for memory; a block at a time the waits
// overlap.
void Context::ResolveSpecs() {
  constexpr std::size_t kBlock = 16;
  const std::size_t count = plan.specs.size();
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, count);
    for (std::size_t i = begin; i < end; ++i) PrefetchSpec(plan.specs[SpecIndex(i)]);
    for (std::size_t i = begin; i < end; ++i) ResolveSpec(SpecIndex(i));
  }
}

void Context::PrefetchSpec(const plan::Spec& spec) const {
  spec_ids.Prefetch(spec.id.value);
  sheet_names.Prefetch(spec.config.sheet.value);
  if (!spec.config.targets.empty()) {
    target_names.Prefetch(plan.targets[spec.config.targets.begin].value);
  }
}

void Context::ResolveSpec(SpecIndex spec) {
  const plan::Config& config = plan.specs[spec].config;
  const auto kind = static_cast<std::size_t>(config.kind);
  if (kind_counts[kind]++ == 0) first_of_kind[kind] = spec;
  step_of.push_back(plan.specs[spec].step);
  ResolveId(spec);
  ResolveTargets(config);
  if (config.kind == plan::ConfigKind::kCreateDatabase) {
    if (config.targets.empty()) return;
    const Target& target = TargetAt(config.targets.begin);
    if (target.kind == TargetKind::kInstance) specs[spec].instance = target.instance;
  } else if (config.kind != plan::ConfigKind::kNone) {
    has_versions = has_versions || !config.schema_version.value.empty();
    ResolveDatabases(spec);
    ResolveSheet(spec);
  }
}

void Context::ResolveId(SpecIndex spec) {
  const std::string_view id = plan.specs[spec].id.value;
  id_of.push_back(id.empty() ? Interner::kNone : spec_ids.Add(id));
  if (id_of.back() == spec_of_id.size()) spec_of_id.push_back(spec);
}

// Targets of all specs stand in one pool in the order of the specs.
void Context::ResolveTargets(const plan::Config& config) {
  for (std::uint32_t at = config.targets.begin; at < config.targets.end; ++at) {
    LOCKSTEP_CHECK(at == target_of.size(), "targets out of order");
    const std::uint32_t number = target_names.Add(plan.targets[at].value);
    if (number == targets.size()) {
      targets.push_back(ParseTarget(plan.targets[at].value));
      ResolveTarget(targets.back(), inventory, synthesized_, databases);
    }
    target_of.push_back(number);
  }
}

// The usual spec has one target and shares its slice with all others of that target.
void Context::ResolveDatabases(SpecIndex spec) {
  const base::Slice pool = plan.specs[spec].config.targets;
  for (std::uint32_t at = pool.begin; at < pool.end; ++at) {
    task_count += TargetAt(at).databases.size();
  }
  if (task_count > kMaxTasks) return;  // CheckTargets tells it
  if (pool.size() == 1) specs[spec].databases = TargetAt(pool.begin).databases;
  if (pool.size() <= 1) return;
  last_user_.resize(inventory.databases.size());
  base::Slice& slice = specs[spec].databases;
  slice.begin = static_cast<std::uint32_t>(databases.size());
  for (std::uint32_t at = pool.begin; at < pool.end; ++at) {
    const base::Slice of_target = TargetAt(at).databases;
    for (std::uint32_t i = of_target.begin; i < of_target.end; ++i) {
      const DatabaseIndex database = databases[i];
      if (last_user_[database.value()] == spec) continue;
      last_user_[database.value()] = spec;
      databases.push_back(database);
    }
  }
  slice.end = static_cast<std::uint32_t>(databases.size());
}

void Context::ResolveSheet(SpecIndex spec) {
  const std::string_view name = plan.specs[spec].config.sheet.value;
  if (name.empty()) return;
  const auto parsed = names::ParseSheetName(name);
  if (!parsed) return;
  const SheetIndex sheet(sheet_names.Add(name));
  if (sheet.value() == sheets.size()) {
    sheets.push_back({name, {}, {}, 0, {}});
    const bool fine = IsSheetId(parsed->sheet) && (project.empty() || parsed->project == project);
    sheet_facts.push_back({fine, {}});
  }
  specs[spec].sheet = sheet;
}

SpecIndex Context::FindDependency(SpecIndex spec, std::string_view id) const {
  if (id.empty()) return {};
  // Most wait for the one before.
  if (spec.value() > 0) {
    const SpecIndex before(spec.value() - 1);
    const std::uint32_t number = id_of[before.value()];
    if (number != Interner::kNone && plan.specs[before].id.value == id) return spec_of_id[number];
  }
  const std::uint32_t number = spec_ids.Find(id);
  return number == Interner::kNone ? SpecIndex() : spec_of_id[number];
}

void Context::ResolveDependencies() {
  if (plan.dependencies.empty()) return;
  dependency_of.reserve(plan.dependencies.size());
  std::vector<graph::Digraph::Edge> edges;
  edges.reserve(plan.dependencies.size());
  std::vector<SpecIndex> last_dependent(plan.specs.size());
  for (const SpecIndex spec : plan.specs.indices()) {
    const plan::Spec& written = plan.specs[spec];
    base::Slice& slice = specs[spec].depends_on;
    slice.begin = static_cast<std::uint32_t>(dependencies.size());
    for (std::uint32_t i = written.depends_on.begin; i < written.depends_on.end; ++i) {
      const SpecIndex on = FindDependency(spec, plan.dependencies[i].value);
      dependency_of.push_back(on);
      if (!on.valid() || on == spec || plan.specs[on].step != written.step) continue;
      if (last_dependent[on.value()] == spec) continue;
      last_dependent[on.value()] = spec;
      dependencies.push_back(on);
      dependency_at.push_back(i);
      edges.push_back({spec.value(), on.value()});
    }
    slice.end = static_cast<std::uint32_t>(dependencies.size());
  }
  dependency_graph =
      graph::Digraph(edges.empty() ? 0 : static_cast<std::uint32_t>(plan.specs.size()), edges);
}

void Context::IndexDatabases() {
  database_row.assign(inventory.databases.size() + 1, 0);
  const auto for_each = [&](auto visit) {
    for (const SpecIndex spec : plan.specs.indices()) {
      for (const DatabaseIndex database : DatabasesOf(spec)) visit(spec, database);
    }
  };
  for_each([&](SpecIndex, DatabaseIndex database) { ++database_row[database.value() + 1]; });
  for (std::size_t i = 1; i < database_row.size(); ++i) database_row[i] += database_row[i - 1];
  database_specs.resize(database_row.back());
  std::vector<std::uint32_t> next(database_row.begin(), database_row.end() - 1);
  for_each([&](SpecIndex spec, DatabaseIndex database) {
    database_specs[next[database.value()]++] = spec;
  });
}

std::span<const SpecIndex> Context::SpecsOn(DatabaseIndex database) const {
  const std::uint32_t begin = database_row[database.value()];
  return std::span(database_specs).subspan(begin, database_row[database.value() + 1] - begin);
}

const sql::EngineFacts& Context::EngineOf(DatabaseIndex database) const {
  const InstanceIndex instance = inventory.databases[database].instance;
  return sql::Facts(instance.valid() ? inventory.instances[instance].engine.value
                                     : sql::Engine::kUnspecified);
}

bool Context::Ordered(SpecIndex a, SpecIndex b) {
  if (dependencies.empty()) return false;
  if (!probe_) probe_.emplace(dependency_graph, kOrderBudget);
  // Dependencies mostly point up, so the later one is asked first.
  return probe_->Reaches(b.value(), a.value()).value_or(true) ||
         probe_->Reaches(a.value(), b.value()).value_or(true);
}

bool Context::WaitsFor(SpecIndex a, SpecIndex b) {
  if (dependencies.empty()) return false;
  if (!probe_) probe_.emplace(dependency_graph, kOrderBudget);
  return probe_->Reaches(a.value(), b.value()).value_or(false);
}

std::optional<diagnostics::Edit> Context::RemovalAfter(Span before, Span entry) const {
  if (before.end > entry.begin) return std::nullopt;
  std::size_t commas = 0;
  for (const char c : sources[plan.source].Slice({before.end, entry.begin})) {
    if (c == ',') ++commas;
    if (c != ',' && c != ' ' && c != '\t' && c != '\n' && c != '\r') return std::nullopt;
  }
  if (commas != 1) return std::nullopt;
  return diagnostics::Edit{PlaceOf({before.end, entry.end}), ""};
}

Diagnostic& Context::Report(Rule rule, Span span, std::string message) {
  return emitter.Report(rule, PlaceOf(span), std::move(message));
}

Diagnostic& Context::Refuse(Rule rule, Span span, std::string message) {
  expandable = false;
  return Report(rule, span, std::move(message));
}

diagnostics::Related Context::RelatedAt(Span span, std::string message) const {
  return {PlaceOf(span), std::move(message), {}};
}

std::string Context::NameOf(SpecIndex spec) const {
  const std::string_view id = plan.specs[spec].id.value;
  if (!id.empty()) return "spec " + base::Quote(id);
  const plan::StepIndex step = plan.specs[spec].step;
  const std::uint32_t number = spec.value() - plan.steps[step].specs.first.value() + 1;
  if (plan.form == plan::Form::kFlat) return "spec number " + std::to_string(number);
  return "spec number " + std::to_string(number) + " of step " + std::to_string(step.value() + 1);
}

Span Context::SpanOf(SpecIndex spec) const {
  return SpanOrOpening(plan.specs[spec].id);
}

std::string Context::SuggestAmong(std::string_view text,
                                  std::span<const std::string_view> candidates) {
  comparisons_left_ -= candidates.size();
  const std::string_view nearest = base::Nearest(text, candidates);
  return nearest.empty() ? std::string() : "; did you mean " + base::Quote(nearest) + "?";
}

}  // namespace lockstep::check
