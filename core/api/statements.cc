#include "core/api/statements.h"

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/check/check.h"
#include "core/diagnostics/emitter.h"
#include "core/diagnostics/render.h"

namespace lockstep::api {

using base::Error;
using base::ErrorCode;
using base::JsonWriter;

base::Result<sql::Engine> FindEngine(std::string_view name) {
  if (const auto found = sql::FindEngineLoosely(name)) return *found;
  std::vector<std::string_view> names;
  for (const sql::EngineFacts& facts : sql::AllEngines()) names.push_back(facts.name);
  const std::string_view nearest = base::Nearest(name, names);
  return Error{ErrorCode::kInvalidArgument,
               "there is no engine " + base::Quote(name) +
                   (nearest.empty() ? "" : "; did you mean " + base::Quote(nearest) + "?")};
}

SheetStatements SplitSheet(const diagnostics::Sources& sources, diagnostics::SourceId sheet,
                           sql::Engine engine) {
  SheetStatements statements;
  statements.split = sql::Split(sql::Facts(engine).dialect, sources[sheet].text());
  diagnostics::Emitter emitter;
  for (const sql::SplitProblem& problem : statements.split.problems) {
    emitter.Report(check::RuleOf(problem.kind), {sheet, problem.span}, problem.message);
  }
  statements.has_errors = emitter.has_errors();
  statements.diagnostics = emitter.Take();
  return statements;
}

std::string StatementsAnswer(const diagnostics::Sources& sources, diagnostics::SourceId sheet,
                             const SheetStatements& statements) {
  JsonWriter writer;
  writer.BeginObject().Key("statements").BeginArray();
  for (const sql::Statement& statement : statements.split.statements) {
    writer.BeginObject().Member("text", sources[sheet].Slice(statement.span));
    writer.Member("class", sql::ToString(statement.statement_class));
    diagnostics::WriteRange(writer, sources[sheet], statement.span);
    writer.MemberBool("notInTransaction", statement.not_in_transaction);
    writer.MemberBool("implicitCommit", statement.implicit_commit);
    writer.MemberBool("leavesSessionState", statement.leaves_session_state);
    writer.Member("repeat", statement.repeat).EndObject();
  }
  writer.EndArray().Key("diagnostics");
  diagnostics::WriteJson(writer, sources, statements.diagnostics);
  return writer.EndObject().Take();
}

}  // namespace lockstep::api
