// Methods: what each route does. A method answers JSON; its errors are those that clients see.
#pragma once

#include "native/service/context.h"

namespace lockstep::service {

using Answer = base::Result<std::string>;

// sheets.cc
Answer CreateSheet(Context& context, const Call& call);
Answer BatchCreateSheets(Context& context, const Call& call);
Answer GetSheet(Context& context, const Call& call);
Answer ListSheets(Context& context, const Call& call);
Answer UpdateSheet(Context& context, const Call& call);

// plans.cc
Answer CreatePlan(Context& context, const Call& call);
Answer GetPlan(Context& context, const Call& call);
Answer ListPlans(Context& context, const Call& call);
Answer SearchPlans(Context& context, const Call& call);
Answer UpdatePlan(Context& context, const Call& call);

// rollouts.cc
Answer CreateRollout(Context& context, const Call& call);
Answer CreatePlanRollout(Context& context, const Call& call);
Answer PreviewRollout(Context& context, const Call& call);
Answer GetRollout(Context& context, const Call& call);
Answer GetPlanRollout(Context& context, const Call& call);
Answer ListRollouts(Context& context, const Call& call);
Answer ExportRollout(Context& context, const Call& call);

// task_runs.cc
Answer BatchRunTasks(Context& context, const Call& call);
Answer BatchSkipTasks(Context& context, const Call& call);
Answer BatchCancelTaskRuns(Context& context, const Call& call);
Answer ListTaskRuns(Context& context, const Call& call);
Answer GetTaskRun(Context& context, const Call& call);
Answer GetTaskRunLog(Context& context, const Call& call);
Answer GetTaskRunSession(Context& context, const Call& call);
Answer PreviewTaskRunRollback(Context& context, const Call& call);

// issues.cc
Answer CreateIssue(Context& context, const Call& call);
Answer GetIssue(Context& context, const Call& call);
Answer ListIssues(Context& context, const Call& call);
Answer SearchIssues(Context& context, const Call& call);
Answer UpdateIssue(Context& context, const Call& call);
Answer BatchUpdateIssuesStatus(Context& context, const Call& call);

// issue_reviews.cc
Answer ApproveIssue(Context& context, const Call& call);
Answer RejectIssue(Context& context, const Call& call);
Answer RequestIssue(Context& context, const Call& call);

// issue_comments.cc
Answer CreateIssueComment(Context& context, const Call& call);
Answer UpdateIssueComment(Context& context, const Call& call);
Answer ListIssueComments(Context& context, const Call& call);

// actuator.cc
Answer GetActuatorInfo(Context& context, const Call& call);

// inventory_resources.cc
Answer GetEnvironment(Context& context, const Call& call);
Answer ListEnvironments(Context& context, const Call& call);
Answer GetPolicy(Context& context, const Call& call);
Answer ListPolicies(Context& context, const Call& call);
Answer GetInstance(Context& context, const Call& call);
Answer ListInstances(Context& context, const Call& call);
Answer GetProject(Context& context, const Call& call);

// change_environments.cc
Answer CreateEnvironment(Context& context, const Call& call);
Answer UpdateEnvironment(Context& context, const Call& call);
Answer DeleteEnvironment(Context& context, const Call& call);
Answer CreatePolicy(Context& context, const Call& call);
Answer UpdatePolicy(Context& context, const Call& call);
Answer DeletePolicy(Context& context, const Call& call);

// change_instances.cc
Answer CreateInstance(Context& context, const Call& call);
Answer UpdateInstance(Context& context, const Call& call);
Answer DeleteInstance(Context& context, const Call& call);
/// Of environments and instances: what was deleted is gone.
Answer Undelete(Context& context, const Call& call);

// change_data_sources.cc
Answer AddDataSource(Context& context, const Call& call);
Answer UpdateDataSource(Context& context, const Call& call);
Answer RemoveDataSource(Context& context, const Call& call);

// change_databases.cc
Answer UpdateDatabase(Context& context, const Call& call);
Answer BatchUpdateDatabases(Context& context, const Call& call);
Answer DeleteDatabase(Context& context, const Call& call);

// change_groups.cc
Answer CreateDatabaseGroup(Context& context, const Call& call);
Answer UpdateDatabaseGroup(Context& context, const Call& call);
Answer DeleteDatabaseGroup(Context& context, const Call& call);

// inventory_databases.cc
Answer GetDatabase(Context& context, const Call& call);
Answer ListDatabasesOfInstance(Context& context, const Call& call);
Answer ListDatabasesOfProject(Context& context, const Call& call);
Answer ListDatabasesOfWorkspace(Context& context, const Call& call);
Answer BatchGetDatabasesOfInstance(Context& context, const Call& call);
Answer BatchGetDatabasesOfProject(Context& context, const Call& call);
Answer GetDatabaseGroup(Context& context, const Call& call);
Answer ListDatabaseGroups(Context& context, const Call& call);

// releases.cc, release_check.cc
Answer CreateRelease(Context& context, const Call& call);
Answer GetRelease(Context& context, const Call& call);
Answer ListReleases(Context& context, const Call& call);
Answer UpdateRelease(Context& context, const Call& call);
Answer DeleteRelease(Context& context, const Call& call);
Answer UndeleteRelease(Context& context, const Call& call);
Answer CheckRelease(Context& context, const Call& call);

// plan_preview.cc
Answer PreviewPlan(Context& context, const Call& call);

// plan_checks_methods.cc
Answer RunPlanChecks(Context& context, const Call& call);
Answer ListPlanCheckRuns(Context& context, const Call& call);
Answer BatchCancelPlanCheckRuns(Context& context, const Call& call);

}  // namespace lockstep::service
