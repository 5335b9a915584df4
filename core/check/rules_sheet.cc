#include <algorithm>

#include "core/base/text.h"
#include "core/check/rules.h"
#include "core/names/resource_name.h"

namespace lockstep::check {
namespace {

using base::Quote;
using plan::ChangeType;
using plan::ConfigKind;

constexpr std::size_t kUploadLimit = 100u << 20;  // bytes of a request, plan-semantics §1.8
constexpr std::size_t kBackupLimit = 2u << 20;    // bytes of a sheet, §5.12

diagnostics::Related UsedBy(const Context& context, SpecIndex spec) {
  return context.RelatedAt(context.plan.specs[spec].config.sheet.span,
                           context.NameOf(spec) + " runs it");
}

Diagnostic& ReportInSheet(Context& context, Rule rule, SheetIndex sheet, Span span,
                          std::string message) {
  Diagnostic& found =
      context.emitter.Report(rule, {context.sheets[sheet].text, span}, std::move(message));
  found.related.push_back(UsedBy(context, context.sheet_facts[sheet].runner));
  return found;
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == text.npos;
}

/// For an SDL sheet no text is a wanted schema without anything in it.
const SheetUse* FirstUseThatNeedsText(const SheetRuns& runs) {
  for (const SheetUse& use : runs.uses) {
    if (use.type != ChangeType::kMigrateSdl) return &use;
  }
  return nullptr;
}

void CheckText(Context& context, SheetIndex index) {
  const Sheet& sheet = context.sheets[index];
  const std::string_view text = context.sources[sheet.text].text();
  const Span start{0, std::min<std::uint32_t>(1, static_cast<std::uint32_t>(text.size()))};
  if (FirstUseThatNeedsText(context.sheet_runs[index]) != nullptr) {
    const bool no_statement = std::any_of(
        sheet.splits.begin(), sheet.splits.end(),
        [](const auto& s) { return s.second.statements.empty() && s.second.problems.empty(); });
    if (IsBlank(text)) {
      ReportInSheet(context, Rule::kEmptySheet, index, start,
                    "the sheet is empty, and a task that runs it fails");
    } else if (no_statement) {
      ReportInSheet(context, Rule::kNoStatements, index, start,
                    "the sheet holds only comments, and a task that runs it does nothing");
    }
  }
  const std::size_t invalid = base::FirstInvalidUtf8(text);
  if (invalid < text.size()) {
    const auto at = static_cast<std::uint32_t>(invalid);
    ReportInSheet(context, Rule::kSheetNotUtf8, index, {at, at + 1},
                  "this byte is not well-formed UTF-8; convert the file");
  }
  if (text.size() > kUploadLimit) {
    ReportInSheet(context, Rule::kSheetTooLarge, index, start,
                  "the sheet has " + std::to_string(text.size() >> 20) +
                      " MiB, and Bytebase takes 100 at most");
  }
}

bool SameStatements(const sql::SplitResult& a, const sql::SplitResult& b) {
  return std::equal(a.statements.begin(), a.statements.end(), b.statements.begin(),
                    b.statements.end(), [](const sql::Statement& x, const sql::Statement& y) {
                      return x.span == y.span && x.statement_class == y.statement_class;
                    });
}

/// Plain SQL reads the same everywhere; told is a sheet of which two engines see different
/// statements.
void CheckDialects(Context& context, SheetIndex index) {
  const SheetUse* first = nullptr;
  for (const SheetUse& use : context.sheet_runs[index].uses) {
    if (use.engine == sql::Engine::kUnspecified) continue;
    if (first == nullptr) first = &use;
    const sql::EngineFacts& a = sql::Facts(first->engine);
    const sql::EngineFacts& b = sql::Facts(use.engine);
    const Sheet& sheet = context.sheets[index];
    if (SameStatements(*sheet.SplitFor(a.dialect), *sheet.SplitFor(b.dialect))) continue;
    Diagnostic& found = context.Report(
        Rule::kSheetForSeveralDialects, context.plan.specs[use.spec].config.sheet.span,
        "the sheet " + Quote(sheet.name) + " runs on " + std::string(a.title) + " and on " +
            std::string(b.title) + ", which see different statements in it");
    if (use.spec != first->spec) found.related.push_back(UsedBy(context, first->spec));
    return;
  }
}

void CheckUnused(Context& context) {
  Interner used_ids;
  for (const Sheet& sheet : context.sheets) used_ids.Add(names::ParseSheetName(sheet.name)->sheet);
  // The same sheet by its full name, or by its id where a file's project is not known.
  const auto is_used = [&](std::string_view name) {
    return context.sheet_names.Find(name) != Interner::kNone ||
           (name.find('/') == name.npos && used_ids.Find(name) != Interner::kNone);
  };
  Interner listed;
  for (const inventory::SheetEntry& entry : context.inventory.sheets) {
    listed.Add(entry.name.value);
    if (entry.name.value.empty() || is_used(entry.name.value)) continue;
    context.emitter.Report(Rule::kUnusedSheet, {context.inventory.source, entry.name.span},
                           "no spec uses the sheet " + Quote(entry.name.value));
  }
  constexpr std::size_t kShown = 5;
  std::vector<std::string> unused;
  std::size_t count = 0;
  for (const std::string& name : context.offered_sheets) {
    if (listed.Find(name) != Interner::kNone || is_used(name)) continue;
    if (count++ < kShown) unused.push_back(Quote(name));
  }
  if (count == 0) return;
  std::string message = "no spec uses " + std::string(count == 1 ? "the sheet " : "the sheets ") +
                        base::Join(unused, ", ");
  if (count > kShown) message += " and " + base::Plural(count - kShown, "other", "others");
  context.Report(Rule::kUnusedSheet, Opening(context.plan.span), std::move(message));
}

void CheckBackupSize(Context& context, SpecIndex spec) {
  const plan::Config& config = context.plan.specs[spec].config;
  const bool backup = !config.backup_database.value.empty() || config.enable_prior_backup.value;
  const SheetIndex sheet = context.specs[spec].sheet;
  if (!backup || !sheet.valid() || !context.sheets[sheet].text.valid()) return;
  const std::size_t size = context.sources[context.sheets[sheet].text].text().size();
  if (size <= kBackupLimit) return;
  context.Report(Rule::kSheetTooLargeForBackup, config.sheet.span,
                 "the sheet has " + std::to_string(size >> 10) +
                     " KiB, and a prior backup works up to 2048; split it, or turn the backup off");
}

}  // namespace

void CheckSpecSheet(Context& context, SpecIndex spec) {
  const plan::Config& config = context.plan.specs[spec].config;
  const bool baseline = config.type.value == ChangeType::kBaseline;
  if (config.sheet.value.empty()) {
    const bool has_release = !config.release.value.empty();
    if (baseline || has_release) return;
    context.Refuse(
        Rule::kMissingSheet, config.sheet.present ? config.sheet.span : Opening(config.span),
        std::string(ToString(config.kind)) + " has no sheet; name the one that holds its SQL");
    return;
  }
  if (baseline && context.specs[spec].sheet.valid()) {
    context.Report(Rule::kSheetWithoutEffect, config.sheet.span,
                   "a BASELINE records the schema and never runs its sheet");
  }
  CheckBackupSize(context, spec);
}

void CheckSheets(Context& context) {
  if (context.library == nullptr) {
    context.Report(Rule::kNoSheets, Opening(context.plan.span),
                   "without the sheets' texts, rules about sheets and their statements are silent");
  } else {
    for (const SheetIndex sheet : context.sheets.indices()) {
      const std::string& error = context.sheet_runs[sheet].load_error;
      if (!error.empty()) {
        context.Refuse(
            Rule::kUnreadableSheet,
            context.plan.specs[context.sheet_facts[sheet].runner].config.sheet.span,
            "the sheet " + Quote(context.sheets[sheet].name) + " cannot be read: " + error);
      }
      if (!context.sheets[sheet].text.valid()) continue;
      CheckText(context, sheet);
      CheckDialects(context, sheet);
    }
    CheckUnused(context);
  }
}

}  // namespace lockstep::check
