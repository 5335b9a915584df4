// The fields of plans and of specs.
#include <algorithm>

#include "core/api/plan_comparison.h"

namespace lockstep::api {
namespace {

using diagnostics::SpannedText;

/// A field of one plan or spec as text, and where it stands; "" when it is not set.
struct Said {
  std::string_view value;
  Span span;
};
Said SaidBy(const SpannedText& text) {
  return {text.value, text.span};
}

/// Compares the fields of one spec in both plans.
class SpecFields {
 public:
  SpecFields(PlanComparison& comparison, SpecIndex a, SpecIndex b)
      : comparison_(comparison), a_(a), b_(b) {}

  void Add(std::string_view field, const Said& a, const Said& b) {
    if (a.value != b.value) AddAnyway(field, a, b);
  }
  void AddAnyway(std::string_view field, const Said& a, const Said& b) {
    comparison_
        .Add(What::kField, SideOf(comparison_.plan_a(), a_, a.span, a.value),
             SideOf(comparison_.plan_b(), b_, b.span, b.value))
        .field = field;
  }
  void AddFlags(std::string_view field, std::span<const plan::Flag> a,
                std::span<const plan::Flag> b, Span whole_a, Span whole_b);

 private:
  PlanComparison& comparison_;
  const SpecIndex a_, b_;
};

std::vector<const plan::Flag*> SortedByKey(std::span<const plan::Flag> flags) {
  std::vector<const plan::Flag*> sorted;
  for (const plan::Flag& flag : flags) sorted.push_back(&flag);
  std::sort(sorted.begin(), sorted.end(), [](const plan::Flag* x, const plan::Flag* y) {
    return x->key.value != y->key.value ? x->key.value < y->key.value : x < y;
  });
  return sorted;
}

/// `whole`: where an entry would be that is not there.
void SpecFields::AddFlags(std::string_view field, std::span<const plan::Flag> a,
                          std::span<const plan::Flag> b, Span whole_a, Span whole_b) {
  const auto name = [&](const plan::Flag* flag) {
    return std::string(field).append(".").append(flag->key.value);
  };
  const auto in_a = SortedByKey(a);
  const auto in_b = SortedByKey(b);
  for (auto x = in_a.begin(), y = in_b.begin(); x != in_a.end() || y != in_b.end();) {
    if (y == in_b.end() || (x != in_a.end() && (*x)->key.value < (*y)->key.value)) {
      AddAnyway(name(*x), SaidBy((*x)->value), {"", whole_b});
      ++x;
    } else if (x == in_a.end() || (*y)->key.value < (*x)->key.value) {
      AddAnyway(name(*y), {"", whole_a}, SaidBy((*y)->value));
      ++y;
    } else {
      Add(name(*x), SaidBy((*x)->value), SaidBy((*y)->value));
      ++x, ++y;
    }
  }
}

/// The flat form only says that there is to be a backup: it is in the database that the older form
/// has to name.
Said BackupOf(const plan::Config& config) {
  constexpr std::string_view kUsual = "bbdataarchive";
  if (config.enable_prior_backup.value) return {kUsual, config.enable_prior_backup.span};
  const std::string_view name = config.backup_database.value;
  const bool usual = name.substr(name.rfind('/') + 1) == kUsual;
  return {usual ? kUsual : name, config.backup_database.span};
}

void CompareChanges(SpecFields& fields, const PlanComparison& comparison, const plan::Spec& a,
                    const plan::Spec& b) {
  fields.Add("type", {plan::ToString(TypeOf(a.config)), a.config.type.span},
             {plan::ToString(TypeOf(b.config)), b.config.type.span});
  fields.Add("schemaVersion", SaidBy(a.config.schema_version), SaidBy(b.config.schema_version));
  fields.Add("release", SaidBy(a.config.release), SaidBy(b.config.release));
  fields.Add("preUpdateBackupDetail", BackupOf(a.config), BackupOf(b.config));
  fields.AddFlags("ghostFlags", comparison.plan_a().GhostFlagsOf(a),
                  comparison.plan_b().GhostFlagsOf(b), a.config.span, b.config.span);
}

/// "test" is taken for "environments/test".
std::string_view EnvironmentId(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

void CompareCreates(SpecFields& fields, const PlanComparison& comparison, const plan::Spec& a,
                    const plan::Spec& b) {
  using plan::CreateOptions;
  constexpr std::pair<std::string_view, SpannedText CreateOptions::*> kFields[] = {
      {"database", &CreateOptions::database},
      {"table", &CreateOptions::table},
      {"characterSet", &CreateOptions::character_set},
      {"collation", &CreateOptions::collation},
      {"cluster", &CreateOptions::cluster},
      {"owner", &CreateOptions::owner}};
  const CreateOptions& x = comparison.plan_a().CreateOf(a);
  const CreateOptions& y = comparison.plan_b().CreateOf(b);
  for (const auto& [name, field] : kFields) fields.Add(name, SaidBy(x.*field), SaidBy(y.*field));
  fields.Add("environment", {EnvironmentId(x.environment.value), x.environment.span},
             {EnvironmentId(y.environment.value), y.environment.span});
  fields.AddFlags("labels", comparison.plan_a().LabelsOf(a), comparison.plan_b().LabelsOf(b),
                  a.config.span, b.config.span);
}

/// Unspecified is as good as not written.
std::string_view NameOf(plan::ExportFormat format) {
  return format == plan::ExportFormat::kUnspecified ? "" : ToString(format);
}

void CompareExports(SpecFields& fields, const plan::Config& a, const plan::Config& b) {
  fields.Add("format", {NameOf(a.format.value), a.format.span},
             {NameOf(b.format.value), b.format.span});
  // A difference is shown to everybody: of a password it tells only that there is one.
  if (a.password.present == b.password.present && a.password.value == b.password.value) return;
  const auto shown = [](const SpannedText& password) {
    return Said{password.present ? "set" : "", password.span};
  };
  fields.AddAnyway("password", shown(a.password), shown(b.password));
}

std::string TimeOf(const plan::Spec& spec) {
  const auto& time = spec.earliest_allowed_time;
  return time.present ? base::FormatInstant(base::ToInstant(time.value)) : "";
}

void CompareTimes(SpecFields& fields, const plan::Spec& a, const plan::Spec& b) {
  const auto& x = a.earliest_allowed_time;
  const auto& y = b.earliest_allowed_time;
  if (!x.present && !y.present) return;
  const std::string before = TimeOf(a), after = TimeOf(b);
  fields.Add("earliestAllowedTime", {before, x.present ? x.span : SpanOf(a)},
             {after, y.present ? y.span : SpanOf(b)});
}

}  // namespace

void CompareFields(PlanComparison& comparison, SpecIndex a, SpecIndex b) {
  const plan::Spec& x = comparison.plan_a().specs[a];
  const plan::Spec& y = comparison.plan_b().specs[b];
  SpecFields fields(comparison, a, b);
  CompareTimes(fields, x, y);
  fields.Add("specReleaseSource.file", SaidBy(x.release_file), SaidBy(y.release_file));
  const plan::ConfigKind kind = x.config.kind;
  if (kind != y.config.kind) {
    fields.Add("config", {plan::ToString(kind), x.config.key_span},
               {plan::ToString(y.config.kind), y.config.key_span});
  } else if (kind == plan::ConfigKind::kChangeDatabase) {
    CompareChanges(fields, comparison, x, y);
  } else if (kind == plan::ConfigKind::kCreateDatabase) {
    CompareCreates(fields, comparison, x, y);
  } else if (kind == plan::ConfigKind::kExportData) {
    CompareExports(fields, x.config, y.config);
  }
}

void ComparePlanFields(PlanComparison& comparison) {
  const plan::Plan& a = comparison.plan_a();
  const plan::Plan& b = comparison.plan_b();
  const auto compare = [&](std::string_view field, const Said& x, const Said& y) {
    if (x.value == y.value) return;
    comparison
        .Add(What::kPlan, Side{PlaceIn(a, x.span), "", std::string(x.value)},
             Side{PlaceIn(b, y.span), "", std::string(y.value)})
        .field = field;
  };
  compare("name", SaidBy(a.name), SaidBy(b.name));
  compare("title", SaidBy(a.title), SaidBy(b.title));
  compare("description", SaidBy(a.description), SaidBy(b.description));
  compare("issue", SaidBy(a.issue), SaidBy(b.issue));
  compare("releaseSource.release", SaidBy(a.release), SaidBy(b.release));
  const auto vcs = [](const plan::Plan& plan) {
    return Said{plan.has_vcs_source ? "set" : "", plan.vcs_source_span};
  };
  compare("vcsSource", vcs(a), vcs(b));
  const auto environments = [](const plan::Plan& plan) {
    std::string names;
    for (const SpannedText& name : plan.deployment_environments)
      names.append(names.empty() ? "" : ", ").append(name.value);
    return names;
  };
  const std::string order_a = environments(a), order_b = environments(b);
  const auto span = [](const plan::Plan& plan) {
    const auto& names = plan.deployment_environments;
    return names.empty() ? Span{plan.span.begin, plan.span.begin} : names.front().span;
  };
  compare("deployment.environments", {order_a, span(a)}, {order_b, span(b)});
}

}  // namespace lockstep::api
