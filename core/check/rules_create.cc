// createDatabaseConfig: what each engine wants to be told (plan-semantics §3.6).
#include "core/base/text.h"
#include "core/check/rules.h"
#include "core/names/resource_name.h"

namespace lockstep::check {
namespace {

using base::Quote;
using sql::CreateDatabaseRule;

constexpr std::size_t kMostLabels = 4;

void CheckCharacterSet(Context& context, const plan::CreateOptions& options,
                       const sql::EngineFacts& engine) {
  const bool wanted = engine.create_database == CreateDatabaseRule::kCharsetAndCollation;
  const bool forbidden = engine.create_database == CreateDatabaseRule::kCharsetForbidden;
  const auto check = [&](const diagnostics::SpannedText& field, std::string_view name) {
    if (wanted && field.value.empty()) {
      context.Report(Rule::kCharacterSet, SpanOrOpening(field),
                     std::string(engine.title) + " wants " + Quote(name) + " for a new database");
    } else if (forbidden && !field.value.empty()) {
      context.Report(
          Rule::kCharacterSet, field.span,
          std::string(engine.title) + " takes no " + Quote(name) + " for a new database");
    }
  };
  check(options.character_set, "characterSet");
  check(options.collation, "collation");
}

void CheckIgnored(Context& context, const plan::CreateOptions& options,
                  const sql::EngineFacts& engine) {
  const auto check = [&](const diagnostics::SpannedText& field, std::string_view name, bool used) {
    if (field.value.empty() || used) return;
    Diagnostic& found =
        context.Report(Rule::kCreateOptionIgnored, field.span,
                       std::string(engine.title) + " does not use " + Quote(name) + "; remove it");
    found.fixes.push_back({"empty " + std::string(name), {{context.PlaceOf(field.span), "\"\""}}});
  };
  check(options.table, "table", engine.create_database == CreateDatabaseRule::kCollectionRequired);
  check(options.cluster, "cluster", engine.engine == sql::Engine::kClickhouse);
  check(options.owner, "owner", engine.create_database == CreateDatabaseRule::kOwner);
}

void CheckEngine(Context& context, const plan::CreateOptions& options, Span target,
                 const inventory::Instance& instance) {
  const sql::EngineFacts& engine = sql::Facts(instance.engine.value);
  if (engine.engine == sql::Engine::kUnspecified) return;
  if (engine.create_database == CreateDatabaseRule::kUnsupported) {
    context.Report(Rule::kCreateUnsupported, target,
                   Quote(instance.name.value) + " is on " + std::string(engine.title) +
                       ", where databases can't be created this way");
    return;
  }
  if (engine.create_database == CreateDatabaseRule::kCollectionRequired &&
      options.table.value.empty()) {
    context.Report(Rule::kMissingCollection, SpanOrOpening(options.table),
                   std::string(engine.title) +
                       " makes a database with its first collection; name it in \"table\"");
  }
  if (engine.create_database == CreateDatabaseRule::kOwner && options.owner.value.empty()) {
    context.Report(Rule::kMissingOwner, SpanOrOpening(options.owner),
                   std::string(engine.title) + " wants an \"owner\" for a new database");
  }
  CheckCharacterSet(context, options, engine);
  CheckIgnored(context, options, engine);
}

}  // namespace

void CheckSpecCreate(Context& context, SpecIndex spec) {
  const plan::CreateOptions& options = context.plan.CreateOf(context.plan.specs[spec]);
  if (options.database.value.empty()) {
    context.Refuse(Rule::kMissingDatabaseName, SpanOrOpening(options.database),
                   "the new database has no name; write it in \"database\"");
  }
  const auto labels = context.plan.LabelsOf(context.plan.specs[spec]);
  if (labels.size() > kMostLabels) {
    context.Report(Rule::kTooManyLabels, labels[kMostLabels].key.span,
                   "the database has " + std::to_string(labels.size()) + " labels, and " +
                       std::to_string(kMostLabels) + " are allowed");
  }
  const InstanceIndex index = context.specs[spec].instance;
  if (!index.valid() || !context.has_inventory) return;
  const inventory::Instance& instance = context.inventory.instances[index];
  const Span target = context.plan.TargetsOf(context.plan.specs[spec])[0].span;
  CheckEngine(context, options, target, instance);
  if (instance.Admin() == nullptr) {
    context.Report(Rule::kNoAdminDataSource, target,
                   Quote(instance.name.value) +
                       " has no data source of type ADMIN in the inventory, and the database is "
                       "created over it");
  }
}

void CheckCreatedDatabases(Context& context) {
  if (context.kind_counts[static_cast<std::size_t>(plan::ConfigKind::kCreateDatabase)] == 0) return;
  std::vector<std::string> names(context.plan.specs.size());  // the interner needs texts that stay
  Interner created;
  std::vector<SpecIndex> creators;
  for (const SpecIndex spec : context.plan.specs.indices()) {
    const InstanceIndex instance = context.specs[spec].instance;
    if (!instance.valid()) continue;
    const plan::CreateOptions& options = context.plan.CreateOf(context.plan.specs[spec]);
    if (options.database.value.empty()) continue;
    std::string& name = names[spec.value()];
    name = std::string(context.inventory.instances[instance].name.value) + "/databases/" +
           std::string(options.database.value);
    if (context.has_inventory && context.inventory.FindDatabase(name).valid()) {
      context.Report(Rule::kDatabaseExists, options.database.span,
                     "the inventory has a database " + Quote(name) + " already");
    }
    const std::uint32_t number = created.Add(name);
    if (number == creators.size()) {
      creators.push_back(spec);
      continue;
    }
    context
        .Report(Rule::kDatabaseExists, options.database.span,
                context.NameOf(creators[number]) + " creates " + Quote(name) + " already")
        .related.push_back(context.RelatedAt(
            context.plan.CreateOf(context.plan.specs[creators[number]]).database.span,
            "the first of the two"));
  }
}

}  // namespace lockstep::check
