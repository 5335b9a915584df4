// What a sheet's statements say, by the engines and types of change that they are run with.
#include <algorithm>
#include <array>
#include <span>

#include "core/base/text.h"
#include "core/check/rules.h"
#include "core/sql/first_words.h"
#include "core/sql/refused.h"

namespace lockstep::check {
namespace {

using plan::ChangeType;
using plan::ConfigKind;
using sql::Statement;
using sql::StatementClass;

bool Has(std::span<const std::string> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class SheetRules {
 public:
  SheetRules(Context& context, SheetIndex sheet, const SheetUse& use)
      : context_(context),
        source_(context.sheets[sheet].text),
        text_(context.sources[source_].text()),
        use_(use),
        engine_(sql::Facts(use.engine)),
        split_(*context.sheets[sheet].SplitFor(engine_.dialect)),
        refusals_(sql::RefusedStatements(use.engine, text_, split_)) {}

  void Check() {
    for (const sql::SplitProblem& problem : split_.problems) {
      Report(RuleOf(problem.kind), problem.span, problem.message);
    }
    if (use_.type == ChangeType::kMigrateSdl) {
      CheckSdl();
      return;  // never run as it stands
    }
    CheckTransaction();
    CheckMixture();
    CheckUse();
    CheckRefused();
    if (use_.kind == ConfigKind::kExportData) CheckExport();
    if (use_.type == ChangeType::kMigrateGhost) CheckGhost();
    if (use_.type == ChangeType::kData) CheckData();
  }

 private:
  Diagnostic& Report(Rule rule, Span span, std::string message) {
    Diagnostic& found = context_.emitter.Report(rule, {source_, span}, std::move(message));
    found.related.push_back(context_.RelatedAt(context_.plan.specs[use_.spec].config.sheet.span,
                                               context_.NameOf(use_.spec) + " runs it"));
    return found;
  }
  std::string_view Text(const Statement& statement) const {
    return text_.substr(statement.span.begin, statement.span.end - statement.span.begin);
  }
  /// The first ones in lower case; "" where there is none.
  std::array<std::string, 4> WordsOf(const Statement& statement) const {
    std::array<std::string, 4> words;
    std::vector<std::string> first = sql::FirstWords(Text(statement), words.size());
    std::move(first.begin(), first.end(), words.begin());
    return words;
  }

  /// Parts of a transaction (savepoints) are fine.
  bool EndsTransaction(const Statement& statement) const {
    if (statement.statement_class != StatementClass::kTransactionControl) return false;
    const auto words = WordsOf(statement);
    return words[0] != "savepoint" && words[0] != "save" && words[0] != "release" &&
           !Has(words, "to");
  }

  void CheckTransaction() {
    if (!engine_.transactional_ddl) return;
    std::vector<const Statement*> control;
    for (const Statement& statement : split_.statements) {
      if (EndsTransaction(statement)) control.push_back(&statement);
    }
    for (const Statement* statement : control) {
      Diagnostic& found = Report(Rule::kTransactionControl, statement->span,
                                 base::Quote(Text(*statement)) +
                                     " would break the transaction that the whole sheet runs in; "
                                     "remove it");
      if (WrapsTheSheet(control)) {
        found.fixes.push_back({"remove the transaction around the sheet",
                               {Removal(*control.front()), Removal(*control.back())}});
      }
    }
  }

  /// BEGIN first, COMMIT last and nothing of the kind between: the sheet means what it does without
  /// them.
  bool WrapsTheSheet(const std::vector<const Statement*>& control) const {
    if (control.size() != 2 || control[0] != &split_.statements.front() ||
        control[1] != &split_.statements.back()) {
      return false;
    }
    const std::string begin = WordsOf(*control[0])[0], end = WordsOf(*control[1])[0];
    return (begin == "begin" || begin == "start") && (end == "commit" || end == "end");
  }

  diagnostics::Edit Removal(const Statement& statement) const {
    Span span = statement.span;
    if (span.end < text_.size() && text_[span.end] == ';') ++span.end;
    return {{source_, span}, ""};
  }

  void CheckMixture() {
    const auto& statements = split_.statements;
    if (statements.size() < 2) return;
    for (const Statement& statement : statements) {
      if (!statement.not_in_transaction || !engine_.transactional_ddl) continue;
      if (IsRefused(statement)) continue;
      Report(
          Rule::kOutsideTransaction, statement.span,
          std::string(engine_.title) +
              " refuses this statement inside a transaction, so the sheet is not one any more; put "
              "it into a sheet of its own");
    }
    const auto commits = std::find_if(statements.begin(), statements.end(),
                                      [](const Statement& s) { return s.implicit_commit; });
    if (commits == statements.end()) return;
    Report(
        Rule::kImplicitCommit, commits->span,
        std::string(engine_.title) +
            " commits here by itself: if the sheet fails half-way, what stands before stays done");
  }

  bool IsUse(const Statement& statement) const {
    return statement.statement_class == StatementClass::kSession && WordsOf(statement)[0] == "use";
  }

  void CheckUse() {
    for (const Statement& statement : split_.statements) {
      if (!IsUse(statement)) continue;
      Report(Rule::kUseDatabase, statement.span,
             "what follows changes another database than the target; make that one a target of its "
             "own");
    }
  }

  /// But for what has a rule of its own.
  void CheckRefused() {
    for (const sql::Refusal& refusal : refusals_) {
      const Statement& statement = split_.statements[refusal.statement];
      const bool told = IsUse(statement) || HoldsProblem(statement) ||
                        (engine_.transactional_ddl && EndsTransaction(statement));
      if (!told) Report(Rule::kRefusedStatement, statement.span, refusal.message);
    }
  }

  bool HoldsProblem(const Statement& statement) const {
    const auto found = std::lower_bound(
        split_.problems.begin(), split_.problems.end(), statement.span.begin,
        [](const sql::SplitProblem& problem, std::uint32_t at) { return problem.span.begin < at; });
    return found != split_.problems.end() && found->span.begin < statement.span.end;
  }

  bool IsRefused(const Statement& statement) const {
    const auto index = static_cast<std::uint32_t>(&statement - split_.statements.data());
    const auto found = std::lower_bound(
        refusals_.begin(), refusals_.end(), index,
        [](const sql::Refusal& refusal, std::uint32_t i) { return refusal.statement < i; });
    return found != refusals_.end() && found->statement == index;
  }

  void CheckSdl() {
    for (const Statement& statement : split_.statements) {
      if (statement.statement_class != StatementClass::kDml) continue;
      Report(Rule::kSdlStatement, statement.span,
             "an SDL sheet describes a schema, and this statement changes data");
    }
  }

  void CheckExport() {
    for (const Statement& statement : split_.statements) {
      const bool changes = statement.statement_class == StatementClass::kDdl ||
                           statement.statement_class == StatementClass::kDml;
      if (!changes) continue;
      Report(Rule::kExportStatement, statement.span,
             "an export reads rows, and this statement changes something");
    }
  }

  void CheckGhost() {
    const auto is_alter_table = [&](const Statement& statement) {
      const auto words = WordsOf(statement);
      return words[0] == "alter" && words[1] == "table";
    };
    const auto& statements = split_.statements;
    const auto other = std::find_if_not(statements.begin(), statements.end(), is_alter_table);
    if (other != statements.end()) {
      Report(Rule::kGhostStatement, other->span, "gh-ost runs one ALTER TABLE, and this is none");
    } else if (statements.size() > 1) {
      Report(Rule::kGhostStatement, statements[1].span,
             "gh-ost runs one ALTER TABLE, and this is another; give it a spec of its own");
    }
  }

  void CheckData() {
    for (const Statement& statement : split_.statements) {
      if (statement.statement_class != StatementClass::kDdl) continue;
      const auto words = WordsOf(statement);
      // Emptying a table and tables that last as long as the session are about data.
      if (words[0] == "truncate" || Has(words, "temp") || Has(words, "temporary")) continue;
      Report(Rule::kSchemaChangeInData, statement.span,
             "this changes the schema, and the spec's type is DATA; use type MIGRATE for it");
      return;
    }
  }

  Context& context_;
  diagnostics::SourceId source_;
  std::string_view text_;
  const SheetUse& use_;
  const sql::EngineFacts& engine_;
  const sql::SplitResult& split_;
  const std::vector<sql::Refusal> refusals_;
};

/// A sheet is used with few engines and types. Findings that two of them share are told for the
/// first.
void CheckSheet(Context& context, SheetIndex sheet) {
  for (const SheetUse& use : context.sheet_runs[sheet].uses) {
    if (use.engine != sql::Engine::kUnspecified) SheetRules(context, sheet, use).Check();
  }
}

}  // namespace

Rule RuleOf(sql::SplitProblemKind kind) {
  switch (kind) {
    case sql::SplitProblemKind::kClientCommand:
      return Rule::kClientCommand;
    case sql::SplitProblemKind::kUnterminatedQuote:
      return Rule::kUnterminatedQuote;
    case sql::SplitProblemKind::kUnterminatedComment:
      return Rule::kUnterminatedComment;
    case sql::SplitProblemKind::kUnterminatedBody:
      return Rule::kUnterminatedBody;
    case sql::SplitProblemKind::kInlineData:
      return Rule::kInlineData;
    case sql::SplitProblemKind::kDelimiterMisuse:
      return Rule::kDelimiterMisuse;
    case sql::SplitProblemKind::kLexingModeChange:
      return Rule::kLexingModeChange;
    case sql::SplitProblemKind::kVariable:
      return Rule::kClientVariable;
  }
  return Rule::kClientCommand;
}

void CheckStatements(Context& context) {
  for (const SheetIndex sheet : context.sheets.indices()) {
    if (context.sheets[sheet].text.valid()) CheckSheet(context, sheet);
  }
}

}  // namespace lockstep::check
