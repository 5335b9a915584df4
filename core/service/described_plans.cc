#include "core/service/described_parts.h"

namespace lockstep::service::described {
namespace {

// ---- sheets ----

constexpr Field kOfSheet[] = {
    {"name", Type::kText, kAnswered},
    {"title", Type::kText},
    {"creator", Type::kText, kAnswered},
    {"createTime", Type::kTime, kAnswered},
    {"content", Type::kBytes, 0, "", "in lists empty; its first 2 MiB unless raw=true"},
    {"contentSize", Type::kInt64, kAnswered, "", "in bytes, of the whole"},
    {"payload", Type::kMessage, kAnswered, "SheetPayload"},
    {"engine", Type::kEnum, 0, "Engine"},
};
constexpr Field kOfSheetPayload[] = {
    {"type", Type::kEnum, 0, "SheetPayload.Type"},
    {"commands", Type::kMessage, kList, "SheetCommand", "its statements, or one for all of it"},
};
constexpr Field kOfSheetCommand[] = {
    {"start", Type::kInt32, 0, "", "in bytes"},
    {"end", Type::kInt32, 0, "", "in bytes"},
};
constexpr Field kOfCreateSheetRequest[] = {{"sheet", Type::kMessage, kNeeded, "Sheet"}};
constexpr Field kOfBatchCreateSheetsRequest[] = {
    {"requests", Type::kMessage, kList, "CreateSheetRequest"}};
constexpr Field kOfBatchCreateSheetsResponse[] = {{"sheets", Type::kMessage, kList, "Sheet"}};
constexpr Field kOfListSheetsResponse[] = {{"sheets", Type::kMessage, kList, "Sheet"},
                                           kNextPageToken};

// ---- plans: of the older form "steps" and what it says "steps:", of the flat one "specs" ----

constexpr std::string_view kOlder = "of the older form (steps)", kFlat = "of the flat form (specs)";

constexpr Field kOfPlan[] = {
    {"name", Type::kText, kAnswered},
    {"issue", Type::kText, kAnswered, "", "that drives it"},
    {"title", Type::kText},
    {"description", Type::kText},
    {"steps", Type::kMessage, kList | kOptional, "Plan.Step", kOlder},
    {"specs", Type::kMessage, kList | kOptional, "Plan.Spec", kFlat},
    {"deployment", Type::kMessage, kOptional, "Plan.Deployment", kFlat},
    {"vcsSource", Type::kMessage, kNullable, "Plan.VCSSource"},
    {"releaseSource", Type::kMessage, 0, "Plan.ReleaseSource"},
    {"creator", Type::kText, kAnswered},
    {"createTime", Type::kTime, kAnswered | kNullable},
    {"updateTime", Type::kTime, kAnswered | kNullable},
    {"planCheckRunStatusCount", Type::kInt32, kAnswered | kMap, "",
     "results of its newest checks by status"},
    {"deploymentConfigSnapshot", Type::kAny, kAnswered | kNullable},
};
constexpr Field kOfStep[] = {
    {"title", Type::kText},
    {"specs", Type::kMessage, kList, "Plan.Spec"},
};
constexpr Field kOfSpec[] = {
    {"id", Type::kText, 0, "", "unique in the plan"},
    {"dependsOnSpecs", Type::kText, kList, "", "ids of specs of the same step"},
    {"earliestAllowedTime", Type::kTime, kNullable},
    {"specReleaseSource", Type::kMessage, kOptional, "Plan.SpecReleaseSource", kOlder},
    {"createDatabaseConfig", Type::kMessage, kOptional, "Plan.CreateDatabaseConfig"},
    {"changeDatabaseConfig", Type::kMessage, kOptional, "Plan.ChangeDatabaseConfig"},
    {"exportDataConfig", Type::kMessage, kOptional, "Plan.ExportDataConfig"},
};
constexpr Field kOfChange[] = {
    {"target", Type::kText, kOptional, "", kOlder},
    {"targets", Type::kText, kList | kOptional, "", kFlat},
    {"sheet", Type::kText},
    {"release", Type::kText, kOptional, "", kFlat},
    {"type", Type::kEnum, 0, "Plan.ChangeDatabaseConfig.Type"},
    {"schemaVersion", Type::kText, kOptional, "", kOlder},
    {"ghostFlags", Type::kText, kMap},
    {"preUpdateBackupDetail", Type::kMessage, kOptional,
     "Plan.ChangeDatabaseConfig.PreUpdateBackupDetail", kOlder},
    {"enablePriorBackup", Type::kBool, kOptional, "", kFlat},
    {"enableGhost", Type::kBool, kOptional, "", kFlat},
};
constexpr Field kOfBackupDetail[] = {{"database", Type::kText}};
constexpr Field kOfCreate[] = {
    {"target", Type::kText},       {"database", Type::kText},    {"table", Type::kText},
    {"characterSet", Type::kText}, {"collation", Type::kText},   {"cluster", Type::kText},
    {"owner", Type::kText},        {"environment", Type::kText}, {"labels", Type::kText, kMap},
};
constexpr Field kOfExport[] = {
    {"target", Type::kText, kOptional, "", kOlder},
    {"targets", Type::kText, kList | kOptional, "", kFlat},
    {"sheet", Type::kText},
    {"format", Type::kEnum, 0, "ExportFormat"},
    {"password", Type::kText, kOptional, "", "answered empty where there is one"},
};
constexpr Field kOfDeployment[] = {{"environments", Type::kText, kList}};
constexpr Field kOfPlanVcsSource[] = {
    {"vcsType", Type::kEnum, kOptional, "VCSType"},
    {"vcsConnector", Type::kText, kOptional},
    {"pullRequestUrl", Type::kText, kOptional},
};
constexpr Field kOfReleaseSource[] = {{"release", Type::kText}};
constexpr Field kOfSpecReleaseSource[] = {{"file", Type::kText}};
constexpr Field kOfListPlansResponse[] = {{"plans", Type::kMessage, kList, "Plan"}, kNextPageToken};
constexpr Field kOfSearchRequest[] = {
    {"filter", Type::kText},
    {"query", Type::kText, 0, "", "words of the title of issues"},
    {"pageSize", Type::kInt32, 0, "", "at most 1000"},
    {"pageToken", Type::kText},
};

// ---- releases, and the plans that they become ----

constexpr Field kOfRelease[] = {
    {"name", Type::kText, kAnswered},
    {"title", Type::kText},
    {"files", Type::kMessage, kList, "Release.File"},
    {"vcsSource", Type::kMessage, kNullable, "Release.VCSSource"},
    {"creator", Type::kText, kAnswered},
    {"state", Type::kEnum, kAnswered, "State"},
    {"createTime", Type::kTime, kAnswered},
};
constexpr Field kOfFile[] = {
    {"id", Type::kText, kAnswered},
    {"path", Type::kText},
    {"sheet", Type::kText, 0, "", "or a statement, which becomes one"},
    {"sheetSha256", Type::kText, kAnswered},
    {"type", Type::kEnum, 0, "Release.File.Type"},
    {"version", Type::kText, 0, "", "unique in the release"},
    {"changeType", Type::kEnum, 0, "Release.File.ChangeType"},
    {"statement", Type::kBytes, 0, "", "in lists empty"},
    {"statementSize", Type::kInt64, kAnswered, "", "in bytes"},
};
constexpr Field kOfReleaseVcsSource[] = {{"vcsType", Type::kEnum, kOptional, "VCSType"},
                                         {"url", Type::kText, kOptional}};
constexpr Field kOfListReleasesResponse[] = {{"releases", Type::kMessage, kList, "Release"},
                                             kNextPageToken};
constexpr Field kOfCheckReleaseRequest[] = {
    {"release", Type::kMessage, kNeeded, "Release"},
    {"targets", Type::kText, kList, "", "databases, database groups"},
};
constexpr Field kOfCheckReleaseResponse[] = {
    {"results", Type::kMessage, kList, "CheckReleaseResponse.CheckResult"}};
constexpr Field kOfReleaseCheckResult[] = {
    {"file", Type::kText},
    {"target", Type::kText},
    {"advices", Type::kMessage, kList, "Advice"},
};
constexpr Field kOfAdvice[] = {
    {"status", Type::kEnum, 0, "Advice.Status"},
    {"code", Type::kInt32, 0, "", "of the rule"},
    {"title", Type::kText},
    {"content", Type::kText},
    {"line", Type::kInt32, 0, "", "from 1; 0: it has no place in a sheet"},
    {"column", Type::kInt32, 0, "", "from 1, in code points"},
};
constexpr Field kOfPreviewPlanRequest[] = {
    {"release", Type::kText, kNeeded},
    {"targets", Type::kText, kList, "", "databases, database groups"},
    {"allowOutOfOrder", Type::kBool},
};
constexpr Field kOfPreviewPlanResponse[] = {
    {"plan", Type::kMessage, 0, "Plan"},
    {"outOfOrderFiles", Type::kMessage, kList, "PreviewPlanResponse.DatabaseFiles"},
    {"appliedButModifiedFiles", Type::kMessage, kList, "PreviewPlanResponse.DatabaseFiles"},
};
constexpr Field kOfDatabaseFiles[] = {{"database", Type::kText}, {"files", Type::kText, kList}};

// ---- checks of plans ----

constexpr Field kOfPlanCheckRun[] = {
    {"name", Type::kText},
    {"type", Type::kEnum, 0, "PlanCheckRun.Type"},
    {"status", Type::kEnum, 0, "PlanCheckRun.Status"},
    {"target", Type::kText},
    {"sheet", Type::kText},
    {"detail", Type::kText, 0, "", "the id of the spec that it is about"},
    {"createTime", Type::kTime},
    {"results", Type::kMessage, kList, "PlanCheckRun.Result"},
    {"error", Type::kText, 0, "", "why it could not look"},
};
constexpr Field kOfCheckResult[] = {
    {"status", Type::kEnum, 0, "PlanCheckRun.Result.Status"},
    {"title", Type::kText},
    {"content", Type::kText},
    {"code", Type::kInt32},
    {"sqlReviewReport", Type::kMessage, kOptional, "PlanCheckRun.Result.SqlReviewReport"},
    {"sqlSummaryReport", Type::kMessage, kOptional, "PlanCheckRun.Result.SqlSummaryReport"},
};
constexpr Field kOfReviewReport[] = {
    {"line", Type::kInt32},
    {"column", Type::kInt32},
    {"detail", Type::kText},
    {"code", Type::kInt32},
    {"startPosition", Type::kMessage, 0, "Position"},
};
constexpr Field kOfPosition[] = {{"line", Type::kInt32}, {"column", Type::kInt32}};
constexpr Field kOfSummaryReport[] = {
    {"code", Type::kInt32},
    {"statementTypes", Type::kText, kList},
    {"changedResources", Type::kAny, kNullable},
};
constexpr Field kOfListPlanCheckRunsResponse[] = {
    {"planCheckRuns", Type::kMessage, kList, "PlanCheckRun"}, kNextPageToken};
constexpr Field kOfBatchCancelPlanCheckRunsRequest[] = {{"planCheckRuns", Type::kText, kList}};

constexpr Message kPlanMessages[] = {
    {"Sheet", kOfSheet},
    {"SheetPayload", kOfSheetPayload},
    {"SheetCommand", kOfSheetCommand},
    {"CreateSheetRequest", kOfCreateSheetRequest},
    {"BatchCreateSheetsRequest", kOfBatchCreateSheetsRequest},
    {"BatchCreateSheetsResponse", kOfBatchCreateSheetsResponse},
    {"ListSheetsResponse", kOfListSheetsResponse},
    {"Plan", kOfPlan},
    {"Plan.Step", kOfStep},
    {"Plan.Spec", kOfSpec},
    {"Plan.ChangeDatabaseConfig", kOfChange},
    {"Plan.ChangeDatabaseConfig.PreUpdateBackupDetail", kOfBackupDetail},
    {"Plan.CreateDatabaseConfig", kOfCreate},
    {"Plan.ExportDataConfig", kOfExport},
    {"Plan.Deployment", kOfDeployment},
    {"Plan.VCSSource", kOfPlanVcsSource},
    {"Plan.ReleaseSource", kOfReleaseSource},
    {"Plan.SpecReleaseSource", kOfSpecReleaseSource},
    {"ListPlansResponse", kOfListPlansResponse},
    {"SearchPlansRequest", kOfSearchRequest},
    {"SearchIssuesRequest", kOfSearchRequest},
    {"Release", kOfRelease},
    {"Release.File", kOfFile},
    {"Release.VCSSource", kOfReleaseVcsSource},
    {"ListReleasesResponse", kOfListReleasesResponse},
    {"CheckReleaseRequest", kOfCheckReleaseRequest},
    {"CheckReleaseResponse", kOfCheckReleaseResponse},
    {"CheckReleaseResponse.CheckResult", kOfReleaseCheckResult},
    {"Advice", kOfAdvice},
    {"PreviewPlanRequest", kOfPreviewPlanRequest},
    {"PreviewPlanResponse", kOfPreviewPlanResponse},
    {"PreviewPlanResponse.DatabaseFiles", kOfDatabaseFiles},
    {"PlanCheckRun", kOfPlanCheckRun},
    {"PlanCheckRun.Result", kOfCheckResult},
    {"PlanCheckRun.Result.SqlReviewReport", kOfReviewReport},
    {"PlanCheckRun.Result.SqlSummaryReport", kOfSummaryReport},
    {"Position", kOfPosition},
    {"ListPlanCheckRunsResponse", kOfListPlanCheckRunsResponse},
    {"BatchCancelPlanCheckRunsRequest", kOfBatchCancelPlanCheckRunsRequest},
};

}  // namespace

std::span<const Message> PlanMessages() {
  return kPlanMessages;
}

std::vector<Enum> PlanEnums() {
  return {
      {"SheetPayload.Type", {"TYPE_UNSPECIFIED"}},
      {"Plan.ChangeDatabaseConfig.Type",
       {"TYPE_UNSPECIFIED", "BASELINE", "MIGRATE", "MIGRATE_SDL", "MIGRATE_GHOST", "DATA"}},
      {"ExportFormat", {"FORMAT_UNSPECIFIED", "CSV", "JSON", "SQL", "XLSX"}},
      {"VCSType", {"VCS_TYPE_UNSPECIFIED", "GITHUB", "GITLAB", "BITBUCKET", "AZURE_DEVOPS"}},
      {"Release.File.Type", {"TYPE_UNSPECIFIED", "VERSIONED"}},
      {"Release.File.ChangeType", {"CHANGE_TYPE_UNSPECIFIED", "DDL", "DDL_GHOST", "DML"}},
      {"Advice.Status", {"WARNING", "ERROR"}},
      {"PlanCheckRun.Type",
       {"DATABASE_STATEMENT_ADVISE", "DATABASE_STATEMENT_SUMMARY_REPORT", "DATABASE_CONNECT"}},
      {"PlanCheckRun.Status", {"RUNNING", "DONE", "FAILED", "CANCELED"}},
      {"PlanCheckRun.Result.Status", {"SUCCESS", "WARNING", "ERROR"}},
  };
}

}  // namespace lockstep::service::described
