// statements: how a sheet splits.
#include "core/api/statements.h"
#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "native/cli/settings.h"
#include "native/documents.h"
#include "native/report/output.h"
#include "native/report/table.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::Stdout;

namespace {

using report::Table;

struct Statements {
  std::string sheet, engine;
  std::string format = "text";

  int Run() const;
};

std::string Flags(const sql::Statement& statement) {
  std::vector<std::string> flags;
  if (statement.not_in_transaction) flags.push_back("not in a transaction");
  if (statement.implicit_commit) flags.push_back("commits by itself");
  if (statement.leaves_session_state) flags.push_back("leaves session state");
  if (statement.repeat != 1) flags.push_back("runs " + base::Plural(statement.repeat, "time"));
  return base::Join(flags, ", ");
}

std::string StatementTable(const diagnostics::Source& source, const sql::SplitResult& split) {
  Table table({Table::Align::kRight, Table::Align::kLeft, Table::Align::kLeft, Table::Align::kLeft,
               Table::Align::kLeft});
  table.Row({"#", "PLACE", "CLASS", "STATEMENT", "NOTES"});
  std::size_t number = 0;
  for (const sql::Statement& statement : split.statements) {
    const std::string text = base::Printable(source.Slice(statement.span));
    const std::uint32_t at = statement.span.begin;
    table.Row({std::to_string(++number),
               std::to_string(source.PositionOf(at).line + 1) + ":" +
                   std::to_string(source.CodePointColumnOf(at) + 1),
               std::string(ToString(statement.statement_class)), base::Shorten(text, 60),
               Flags(statement)});
  }
  return table.Text();
}

int Statements::Run() const {
  const auto found = api::FindEngine(engine);
  if (!found) return Fail(found.error());
  const std::uint64_t limit = json::Limits().max_bytes;
  auto source = native::ReadSource(sheet, limit);
  if (!source) return Fail(source.error());
  if (source->too_large()) {
    return Fail({base::ErrorCode::kResourceExhausted,
                 base::Quote(sheet) + " is larger than " + std::to_string(limit) + " bytes"});
  }
  diagnostics::Sources sources;
  const diagnostics::SourceId id = sources.Add(std::move(*source));
  const api::SheetStatements statements = api::SplitSheet(sources, id, *found);
  if (format == "json") {
    Stdout().Write(api::StatementsAnswer(sources, id, statements) + "\n");
  } else {
    Stdout().Write(StatementTable(sources[id], statements.split));
    Stdout().Write(diagnostics::RenderText(sources, statements.diagnostics, Stdout().color()));
  }
  return statements.has_errors ? native::kExitFailed : native::kExitDone;
}

}  // namespace

Verb StatementsVerb() {
  auto self = std::make_shared<Statements>();
  return {.name = "statements",
          .summary = "Show how a sheet splits into statements: places, classes, findings",
          .examples =
              "  lockstep statements sheets/741.sql --engine SQLITE\n"
              "  lockstep statements - --engine postgres --format json < sheet.sql\n",
          .arguments = {{.name = "SHEET",
                         .target = &self->sheet,
                         .help = "a file of SQL; - is standard input",
                         .completes = Completes::kFile,
                         .required = true},
                        {.name = "--engine",
                         .target = &self->engine,
                         .help = "whose rules: SQLITE, POSTGRES, MYSQL, ORACLE …",
                         .value = "ENGINE",
                         .required = true},
                        FormatArgument(self->format, {"text", "json"})},
          .run = [self] { return self->Run(); }};
}

}  // namespace lockstep::cli
