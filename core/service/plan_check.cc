#include "core/service/plan_check.h"

#include "core/base/text.h"

namespace lockstep::service {
namespace {

using base::JsonWriter;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;

constexpr json::EnumName kCheckTypes[] = {{"DATABASE_STATEMENT_ADVISE", 3},
                                          {"DATABASE_STATEMENT_SUMMARY_REPORT", 5},
                                          {"DATABASE_CONNECT", 6}};
constexpr json::EnumName kStatuses[] = {
    {"RUNNING", 1}, {"DONE", 2}, {"FAILED", 3}, {"CANCELED", 4}};

template <class Enum>
std::string_view NameIn(std::span<const json::EnumName> names, Enum value) {
  for (const json::EnumName& entry : names) {
    if (entry.number == static_cast<int>(value)) return entry.name;
  }
  return "";
}

void ReadCode(Reader& reader, CheckResult& result, const Member& member) {
  if (const auto code = reader.Integer(member.value, INT32_MIN, INT32_MAX)) result.code = *code;
}
void ReadType(Reader& reader, CheckRun& run, const Member& member) {
  if (const auto type = reader.Enum(member.value, kCheckTypes))
    run.type = static_cast<CheckRun::Type>(*type);
}
void ReadStatus(Reader& reader, CheckRun& run, const Member& member) {
  if (const auto status = reader.Enum(member.value, kStatuses))
    run.status = static_cast<CheckRun::Status>(*status);
}

constexpr Field<CheckResult> kResultFields[] = {
    {"status", "status", Shape::kEnum, &ReadString<&CheckResult::status>},
    {"title", "title", Shape::kText, &ReadString<&CheckResult::title>},
    {"content", "content", Shape::kText, &ReadString<&CheckResult::content>},
    {"code", "code", Shape::kInteger, &ReadCode},
    {"sqlReviewReport", "sql_review_report", Shape::kObject, &ReadRaw<&CheckResult::review_report>},
    {"sqlSummaryReport", "sql_summary_report", Shape::kObject,
     &ReadRaw<&CheckResult::summary_report>},
};
constexpr Message<CheckResult> kResultMessage{"a result", kResultFields};

void ReadResults(Reader& reader, CheckRun& run, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](json::Value element) {
    reader.ReadObject(element, kResultMessage, run.results.emplace_back());
  });
}

constexpr Field<CheckRun> kRunFields[] = {
    {"name", "name", Shape::kText},
    {"type", "type", Shape::kEnum, &ReadType},
    {"status", "status", Shape::kEnum, &ReadStatus},
    {"target", "target", Shape::kText, &ReadString<&CheckRun::target>},
    {"sheet", "sheet", Shape::kText, &ReadString<&CheckRun::sheet>},
    {"detail", "detail", Shape::kText, &ReadString<&CheckRun::detail>},
    {"createTime", "create_time", Shape::kTimestamp, &ReadTime<&CheckRun::created>},
    {"results", "results", Shape::kList, &ReadResults},
    {"error", "error", Shape::kText, &ReadString<&CheckRun::error>},
};
constexpr Message<CheckRun> kRunMessage{"a run of a check", kRunFields};

struct Runs {
  std::vector<CheckRun> runs;
};
void ReadRuns(Reader& reader, Runs& runs, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](json::Value element) {
    reader.ReadObject(element, kRunMessage, runs.runs.emplace_back());
  });
}
constexpr Field<Runs> kRunsFields[] = {{"runs", "runs", Shape::kList, &ReadRuns}};
constexpr Message<Runs> kRunsMessage{"runs of checks", kRunsFields};

void WriteResult(JsonWriter& writer, const CheckResult& result) {
  writer.BeginObject().Member("status", result.status).Member("title", result.title);
  writer.Member("content", result.content).Member("code", result.code);
  if (!result.review_report.empty()) writer.Key("sqlReviewReport").Raw(result.review_report);
  if (!result.summary_report.empty()) writer.Key("sqlSummaryReport").Raw(result.summary_report);
  writer.EndObject();
}

void WritePosition(JsonWriter& writer, std::string_view key, const Finding& finding) {
  writer.Key(key).BeginObject().Member("line", finding.line);
  writer.Member("column", finding.column).EndObject();
}

}  // namespace

void CheckRun::Finish(std::vector<CheckResult> found) {
  status = Status::kDone;
  results = std::move(found);
}

void CheckRun::Fail(std::string why) {
  status = Status::kFailed;
  error = std::move(why);
}

base::Result<std::vector<CheckRun>> ReadCheckRuns(std::string_view json) {
  auto runs = ReadMessage(json, kRunsMessage);
  if (!runs.ok()) return runs.error();
  return std::move(runs->runs);
}

std::string StoredCheckRuns(const std::vector<CheckRun>& runs) {
  JsonWriter writer;
  writer.BeginObject().Key("runs").BeginArray();
  for (const CheckRun& run : runs) WriteCheckRun(writer, run, "");
  return writer.EndArray().EndObject().Take();
}

void WriteCheckRun(JsonWriter& writer, const CheckRun& run, std::string_view name) {
  writer.BeginObject().Member("name", name).Member("type", NameIn(kCheckTypes, run.type));
  writer.Member("status", NameIn(kStatuses, run.status)).Member("target", run.target);
  writer.Member("sheet", run.sheet).Member("detail", run.detail);
  WriteTime(writer, "createTime", run.created);
  writer.Key("results").BeginArray();
  for (const CheckResult& result : run.results) WriteResult(writer, result);
  writer.EndArray().Member("error", run.error).EndObject();
}

std::vector<CheckResult> AdviseResults(const std::vector<Finding>& findings) {
  std::vector<CheckResult> results;
  for (const Finding& finding : findings) {
    JsonWriter report;
    report.BeginObject().Member("line", finding.line).Member("column", finding.column);
    report.Member("detail", "").Member("code", finding.code);
    WritePosition(report, "startPosition", finding);
    results.push_back({.status = std::string(finding.status),
                       .title = finding.title,
                       .content = finding.content,
                       .code = finding.code,
                       .review_report = report.EndObject().Take()});
  }
  if (results.empty()) results.push_back({.status = "SUCCESS", .title = "OK"});
  return results;
}

CheckResult SummaryResult(const sql::SplitResult& split) {
  std::map<sql::StatementClass, std::size_t> counts;
  for (const sql::Statement& statement : split.statements) ++counts[statement.statement_class];
  JsonWriter report;
  report.BeginObject().Member("code", std::int64_t{0}).Key("statementTypes").BeginArray();
  std::vector<std::string> parts;
  for (const auto& [of, count] : counts) {
    report.String(sql::ToString(of));
    parts.push_back(std::to_string(count) + " " + std::string(sql::ToString(of)));
  }
  report.EndArray().Key("changedResources").Null().EndObject();
  std::string content = base::Plural(split.statements.size(), "statement");
  if (!parts.empty()) content += ": " + base::Join(parts, ", ");
  return {.status = "SUCCESS",
          .title = "OK",
          .content = std::move(content),
          .summary_report = report.Take()};
}

std::map<std::string, std::int64_t> CountResults(const std::vector<const CheckRun*>& runs) {
  std::map<std::string, std::int64_t> counts;
  for (const CheckRun* run : runs) {
    for (const CheckResult& result : run->results) ++counts[result.status];
  }
  return counts;
}

}  // namespace lockstep::service
