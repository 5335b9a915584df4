#include "native/service/methods.h"
#include "native/service/routes.h"

namespace lockstep::service {
namespace {

constexpr std::string_view kSheets = "SheetService", kPlans = "PlanService",
                           kRollouts = "RolloutService", kIssues = "IssueService",
                           kActuator = "ActuatorService", kEnvironments = "EnvironmentService",
                           kPolicies = "OrgPolicyService", kInstances = "InstanceService",
                           kDatabases = "DatabaseService", kGroups = "DatabaseGroupService",
                           kProjects = "ProjectService";
constexpr std::string_view kInFile = "Not offered: the inventory file says it";

constexpr std::array<Parameter, 3> kUpTo{
    {{"target", "environments/test: stages up to that of it; empty: none; missing: all"},
     {"stageId", "the same by the environment's id alone"},
     {"validateOnly", "true: only shown, nothing is stored"}}};

constexpr std::array<Parameter, 3> kDatabaseFilter{
    {{"filter", "by name, environment, instance, project, engine, labels.KEY"}}};
constexpr std::array<Parameter, 3> kNames{{{"names", "of one database; given for each"}}};
constexpr std::array<Parameter, 3> kView{
    {{"view", "DATABASE_GROUP_VIEW_FULL: with the databases that match and those that do not"}}};

constexpr Route kRoutes[] = {
    {"POST", "/v1/projects/*/sheets", kSheets, "CreateSheet", "Store a sheet of SQL",
     &CreateSheet},
    {"POST", "/v1/projects/*/sheets:batchCreate", kSheets, "BatchCreateSheets",
     "Store several sheets, all or none", &BatchCreateSheets},
    {"GET", "/v1/projects/*/sheets/*", kSheets, "GetSheet",
     "A sheet", &GetSheet, {{{"raw", "true: its whole content, and not its first 2 MiB"}}}},
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
     "The rollout of a plan, up to a stage", &CreateRollout, kUpTo},
    {"POST", "/v1/projects/*/plans/*/rollout", kRollouts, "CreatePlanRollout",
     "The same, with the plan in the path", &CreatePlanRollout, kUpTo},
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
    {"GET", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns/*/log", kRollouts,
     "GetTaskRunLog", "What a run has done", &GetTaskRunLog},
    {"GET", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns/*/session", kRollouts,
     "GetTaskRunSession", "Not done by Lockstep", &GetTaskRunSession},
    {"POST", "/v1/projects/*/rollouts/*/stages/*/tasks/*/taskRuns/*:previewRollback", kRollouts,
     "PreviewTaskRunRollback", "Not done by Lockstep", &PreviewTaskRunRollback},

    {"POST", "/v1/projects/*/issues", kIssues, "CreateIssue",
     "An issue that drives a plan and its rollout", &CreateIssue},
    {"GET", "/v1/projects/*/issues/*", kIssues, "GetIssue", "An issue", &GetIssue},
    {"GET", "/v1/projects/*/issues", kIssues, "ListIssues", "Issues, newest first", &ListIssues,
     {{{"filter", "status == \"OPEN\" && plan == \"projects/p/plans/101\""},
       {"query", "words of the title"}}}},
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

    {"GET", "/v1/environments", kEnvironments, "ListEnvironments",
     "Environments of the inventory, in the order of the stages", &ListEnvironments},
    {"GET", "/v1/environments/*", kEnvironments, "GetEnvironment", "An environment",
     &GetEnvironment},
    {"POST", "/v1/environments", kEnvironments, "CreateEnvironment", kInFile, &ChangeInventory},
    {"PATCH", "/v1/environments/*", kEnvironments, "UpdateEnvironment", kInFile, &ChangeInventory},
    {"DELETE", "/v1/environments/*", kEnvironments, "DeleteEnvironment", kInFile, &ChangeInventory},
    {"GET", "/v1/environments/*/policies", kPolicies, "ListPolicies", "Policies of an environment",
     &ListPolicies},
    {"GET", "/v1/environments/*/policies/*", kPolicies, "GetPolicy",
     "The rollout_policy of an environment", &GetPolicy},
    {"POST", "/v1/environments/*/policies", kPolicies, "CreatePolicy", kInFile, &ChangeInventory},
    {"PATCH", "/v1/environments/*/policies/*", kPolicies, "UpdatePolicy", kInFile,
     &ChangeInventory},
    {"DELETE", "/v1/environments/*/policies/*", kPolicies, "DeletePolicy", kInFile,
     &ChangeInventory},
    {"GET", "/v1/instances", kInstances, "ListInstances", "Instances of the inventory",
     &ListInstances,
     {{{"filter", "by name, resource_id, environment, state, engine, host, port"}}}},
    {"GET", "/v1/instances/*", kInstances, "GetInstance", "An instance, without its passwords",
     &GetInstance},
    {"POST", "/v1/instances", kInstances, "CreateInstance", kInFile, &ChangeInventory},
    {"PATCH", "/v1/instances/*", kInstances, "UpdateInstance", kInFile, &ChangeInventory},
    {"DELETE", "/v1/instances/*", kInstances, "DeleteInstance", kInFile, &ChangeInventory},
    {"GET", "/v1/instances/*/databases", kDatabases, "ListDatabases",
     "Databases of an instance; - is any", &ListDatabasesOfInstance, kDatabaseFilter},
    {"GET", "/v1/projects/*/databases", kDatabases, "ListDatabasesOfProject",
     "All databases: those of an inventory belong to every project", &ListDatabasesOfProject,
     kDatabaseFilter},
    {"GET", "/v1/workspaces/*/databases", kDatabases, "ListDatabasesOfWorkspace", "All databases",
     &ListDatabasesOfWorkspace, kDatabaseFilter},
    {"GET", "/v1/instances/*/databases:batchGet", kDatabases, "BatchGetDatabases",
     "Databases by their names", &BatchGetDatabasesOfInstance, kNames},
    {"GET", "/v1/projects/*/databases:batchGet", kDatabases, "BatchGetDatabasesOfProject",
     "The same, as databases of a project", &BatchGetDatabasesOfProject, kNames},
    {"GET", "/v1/instances/*/databases/*", kDatabases, "GetDatabase", "A database", &GetDatabase},
    {"PATCH", "/v1/instances/*/databases/*", kDatabases, "UpdateDatabase", kInFile,
     &ChangeInventory},
    {"POST", "/v1/instances/*/databases:batchUpdate", kDatabases, "BatchUpdateDatabases", kInFile,
     &ChangeInventory},
    {"GET", "/v1/projects/*/databaseGroups", kGroups, "ListDatabaseGroups",
     "Database groups of a project", &ListDatabaseGroups, kView},
    {"GET", "/v1/projects/*/databaseGroups/*", kGroups, "GetDatabaseGroup", "A database group",
     &GetDatabaseGroup, kView},
    {"POST", "/v1/projects/*/databaseGroups", kGroups, "CreateDatabaseGroup", kInFile,
     &ChangeInventory},
    {"PATCH", "/v1/projects/*/databaseGroups/*", kGroups, "UpdateDatabaseGroup", kInFile,
     &ChangeInventory},
    {"DELETE", "/v1/projects/*/databaseGroups/*", kGroups, "DeleteDatabaseGroup", kInFile,
     &ChangeInventory},
    {"GET", "/v1/projects/*", kProjects, "GetProject", "A project: every valid id is one",
     &GetProject},
};

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

}  // namespace lockstep::service
