#include "native/service/methods.h"
#include "native/service/routes.h"

namespace lockstep::service {
namespace {

constexpr std::string_view kSheets = "SheetService", kPlans = "PlanService",
                           kReleases = "ReleaseService", kRollouts = "RolloutService",
                           kIssues = "IssueService", kActuator = "ActuatorService";

constexpr Route kRoutes[] = {
    {"POST", "/v1/projects/*/sheets", kSheets, "CreateSheet", "Store a sheet of SQL", &CreateSheet},
    {"POST", "/v1/projects/*/sheets:batchCreate", kSheets, "BatchCreateSheets",
     "Store several sheets, all or none", &BatchCreateSheets},
    {"GET", "/v1/projects/*/sheets/*", kSheets, "GetSheet",
     "A sheet; its content is cut at 2 MiB unless raw=true", &GetSheet},
    {"GET", "/v1/projects/*/sheets", kSheets, "ListSheets",
     "Sheets, newest first, without their content", &ListSheets},
    {"PATCH", "/v1/projects/*/sheets/*", kSheets, "UpdateSheet",
     "Change title or content of a sheet", &UpdateSheet},

    {"POST", "/v1/projects/*/plans", kPlans, "CreatePlan",
     "Check a plan and store it; all its errors are told", &CreatePlan},
    {"GET", "/v1/projects/*/plans/*", kPlans, "GetPlan", "A plan", &GetPlan},
    {"GET", "/v1/projects/*/plans", kPlans, "ListPlans", "Plans, newest first", &ListPlans},
    {"POST", "/v1/projects/*/plans:search", kPlans, "SearchPlans", "The same, asked by a body",
     &SearchPlans},
    {"PATCH", "/v1/projects/*/plans/*", kPlans, "UpdatePlan",
     "Change a plan; tasks of its rollout that have not succeeded take the new sheets",
     &UpdatePlan},

    {"POST", "/v1/projects/*/rollouts", kRollouts, "CreateRollout",
     "The rollout of a plan, up to the stage of `target`; with validateOnly=true only shown",
     &CreateRollout},
    {"POST", "/v1/projects/*/plans/*/rollout", kRollouts, "CreatePlanRollout",
     "The same, with the plan in the path", &CreatePlanRollout},
    {"POST", "/v1/projects/*:previewRollout", kRollouts, "PreviewRollout",
     "What a plan would become; nothing is stored", &PreviewRollout},
    {"GET", "/v1/projects/*/rollouts/*", kRollouts, "GetRollout",
     "A rollout with its stages and tasks", &GetRollout},
    {"GET", "/v1/projects/*/plans/*/rollout", kRollouts, "GetPlanRollout", "That of a plan",
     &GetPlanRollout},
    {"GET", "/v1/projects/*/rollouts", kRollouts, "ListRollouts",
     "Rollouts, newest first, without their stages", &ListRollouts},
    {"GET", "/v1/projects/*/rollouts/*:export", kRollouts, "ExportRollout",
     "A rollout with its documents, events and outputs", &ExportRollout},
    {"POST", "/v1/projects/*/rollouts/*/stages/*/tasks:batchRun", kRollouts, "BatchRunTasks",
     "Ask for tasks of a stage to be run", &BatchRunTasks},
    {"POST", "/v1/projects/*/rollouts/*/stages/*/tasks:batchSkip", kRollouts, "BatchSkipTasks",
     "Skip tasks for good", &BatchSkipTasks},
    {"GET", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns", kRollouts, "ListTaskRuns",
     "Runs of a task, of all of a stage or of all", &ListTaskRuns},
    {"POST", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns:batchCancel", kRollouts,
     "BatchCancelTaskRuns", "Cancel runs that are pending or running", &BatchCancelTaskRuns},
    {"GET", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns/*", kRollouts, "GetTaskRun",
     "A run of a task", &GetTaskRun},
    {"GET", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns/*/log", kRollouts, "GetTaskRunLog",
     "What a run has done", &GetTaskRunLog},
    {"GET", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns/*/session", kRollouts,
     "GetTaskRunSession", "Not done by Lockstep", &GetTaskRunSession},
    {"POST", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns/*:previewRollback", kRollouts,
     "PreviewTaskRunRollback", "Not done by Lockstep", &PreviewTaskRunRollback},

    {"POST", "/v1/projects/*/issues", kIssues, "CreateIssue",
     "An issue that drives a plan and its rollout", &CreateIssue},
    {"GET", "/v1/projects/*/issues/*", kIssues, "GetIssue", "An issue", &GetIssue},
    {"GET", "/v1/projects/*/issues", kIssues, "ListIssues", "Issues, newest first", &ListIssues},
    {"POST", "/v1/projects/*/issues:search", kIssues, "SearchIssues", "The same, asked by a body",
     &SearchIssues},
    {"PATCH", "/v1/projects/*/issues/*", kIssues, "UpdateIssue",
     "Change title, description, labels or subscribers", &UpdateIssue},
    {"POST", "/v1/projects/*/issues:batchUpdateStatus", kIssues, "BatchUpdateIssuesStatus",
     "Open, finish or cancel issues", &BatchUpdateIssuesStatus},
    {"POST", "/v1/projects/*/issues/*:approve", kIssues, "ApproveIssue",
     "Approve what the issue would do now: plan, sheets and targets as they are", &ApproveIssue},
    {"POST", "/v1/projects/*/issues/*:reject", kIssues, "RejectIssue", "Reject the same",
     &RejectIssue},
    {"POST", "/v1/projects/*/issues/*:request", kIssues, "RequestIssue",
     "Ask again after a rejection", &RequestIssue},
    {"POST", "/v1/projects/*/issues/*:comment", kIssues, "CreateIssueComment",
     "Say something about an issue", &CreateIssueComment},
    {"PATCH", "/v1/projects/*/issues/*:comment", kIssues, "UpdateIssueComment",
     "Say it in other words", &UpdateIssueComment},
    {"GET", "/v1/projects/*/issues/*/issueComments", kIssues, "ListIssueComments",
     "What was said, oldest first", &ListIssueComments},

    {"GET", "/v1/actuator/info", kActuator, "GetActuatorInfo", "Which API this is",
     &GetActuatorInfo},

    {"POST", "/v1/projects/*/releases", kReleases, "CreateRelease",
     "Store versioned files of SQL as a release", &CreateRelease},
    {"GET", "/v1/projects/*/releases/*", kReleases, "GetRelease",
     "A release with its files and their statements", &GetRelease},
    {"GET", "/v1/projects/*/releases", kReleases, "ListReleases",
     "Releases, newest first, without statements; showDeleted=true lists deleted ones too",
     &ListReleases},
    {"PATCH", "/v1/projects/*/releases/*", kReleases, "UpdateRelease",
     "Change the title of a release", &UpdateRelease},
    {"DELETE", "/v1/projects/*/releases/*", kReleases, "DeleteRelease", "Mark a release as deleted",
     &DeleteRelease},
    {"POST", "/v1/projects/*/releases/*:undelete", kReleases, "UndeleteRelease",
     "Take a deleted release back", &UndeleteRelease},
    {"POST", "/v1/projects/*/releases:check", kReleases, "CheckRelease",
     "What is wrong with the files of a release on each target", &CheckRelease},

    {"POST", "/v1/projects/*:previewPlan", kPlans, "PreviewPlan",
     "The plan that brings targets to a release", &PreviewPlan},
    {"POST", "/v1/projects/*/plans/*:runPlanChecks", kPlans, "RunPlanChecks",
     "Look for what is wrong with a plan and whether its databases answer", &RunPlanChecks},
    {"GET", "/v1/projects/*/plans/*/planCheckRuns", kPlans, "ListPlanCheckRuns",
     "Runs of a plan's checks, newest first; latestOnly=true: of each only the newest",
     &ListPlanCheckRuns},
    {"POST", "/v1/projects/*/plans/*/planCheckRuns:batchCancel", kPlans, "BatchCancelPlanCheckRuns",
     "Cancel checks that are RUNNING", &BatchCancelPlanCheckRuns},
};

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

}  // namespace lockstep::service
