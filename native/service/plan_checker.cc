#include "native/service/plan_checker.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

#include "native/connection/find_program.h"
#include "native/process/loop.h"
#include "native/reach.h"
#include "native/service/check_statements.h"
#include "native/service/plan_checks.h"
#include "native/service/service.h"

namespace lockstep::service {
namespace {

using ledger::Object;

/// Between two tries to reach a ledger.
constexpr std::chrono::seconds kPause{5};

bool IsRunning(const CheckRun& run) {
  return run.status == CheckRun::Status::kRunning;
}

/// One call's runs as they come out, and what has to be known to ask databases.
struct Work {
  std::vector<CheckRun> runs;
  std::unique_ptr<api::Workspace> workspace;
  std::string folder;
  connection::ClientPrograms clients;
  std::vector<std::string> allowed_hosts;
};

base::Result<std::unique_ptr<api::Workspace>> ReadStoredPlan(Context& context,
                                                             const std::string& project,
                                                             const std::string& name) {
  const auto plan = Get(context, Object::Kind::kPlan, project, name.substr(name.rfind('/') + 1));
  if (!plan.ok()) return plan.error();
  return ReadPlan(context, name, plan->json);
}

/// Does what can be done without asking a database.
base::Result<Work> Begin(Context& context, std::int64_t number) {
  auto object = context.objects.Get(Object::Kind::kPlanChecks, number);
  if (!object.ok()) return object.error();
  Work work;
  if (!*object) return work;
  const std::string plan_name = (*object)->parent;
  const std::string project = (*object)->project;
  auto checks = ReadChecks(std::move(**object));
  if (!checks.ok()) return checks.error();
  work.runs = std::move(checks->runs);
  work.folder = std::filesystem::absolute(context.settings.inventory).parent_path().string();
  work.clients = context.settings.execution.clients;
  work.allowed_hosts = context.settings.execution.allowed_hosts;
  auto workspace = ReadStoredPlan(context, project, plan_name);
  if (workspace.ok()) {
    work.workspace = std::move(*workspace);
    CheckStatements(*work.workspace, work.runs);
  } else {
    for (CheckRun& run : work.runs) {
      if (IsRunning(run)) run.Fail(workspace.error().message);
    }
  }
  return work;
}

/// Asks each database once, however many specs work on it.
void AskDatabases(Work& work, int stop) {
  const inventory::Inventory* inventory = work.workspace->inventory();
  std::map<inventory::DatabaseIndex, std::vector<CheckRun*>> runs_of;
  for (CheckRun& run : work.runs) {
    if (!IsRunning(run)) continue;
    const auto database =
        inventory == nullptr ? inventory::DatabaseIndex() : inventory->FindDatabase(run.target);
    if (database.valid()) {
      runs_of[database].push_back(&run);
    } else {
      run.Fail("the inventory does not say where " + run.target + " is");
    }
  }
  if (runs_of.empty()) return;
  std::vector<inventory::DatabaseIndex> databases;
  for (const auto& [database, runs] : runs_of) databases.push_back(database);
  process::Loop loop;
  const auto program = [&](sql::Engine engine) {
    return connection::FindClient(engine, work.clients);
  };
  const std::vector<native::Reached> reached = native::Reach(loop, *inventory, databases,
                                                             {.folder = work.folder,
                                                              .program = program,
                                                              .allowed_hosts = work.allowed_hosts,
                                                              .stop = stop});
  std::size_t i = 0;
  for (const auto& [database, runs] : runs_of) {
    const native::Reached& answer = reached[i++];
    for (CheckRun* run : runs) {
      run->Finish({{.status = answer.ok ? "SUCCESS" : "ERROR",
                    .title = answer.ok ? "OK" : "Failed to connect to " + run->target,
                    .content = answer.message}});
    }
  }
}

/// What somebody canceled meanwhile stays so.
base::Status Store(Context& context, std::int64_t number, const std::vector<CheckRun>& done) {
  return UpdateChecks(context, number, [&](std::vector<CheckRun>& runs) {
    bool changed = false;
    for (std::size_t i = 0; i < runs.size() && i < done.size(); ++i) {
      if (!IsRunning(runs[i]) || IsRunning(done[i])) continue;
      runs[i] = done[i];
      changed = true;
    }
    return changed;
  });
}

}  // namespace

PlanChecker::PlanChecker(Service& service)
    : service_(service), stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  LOCKSTEP_CHECK(stop_.fd >= 0, "no event descriptor");
}

PlanChecker::~PlanChecker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  eventfd_write(stop_.fd, 1);
  if (thread_.joinable()) thread_.join();
}

void PlanChecker::Add(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  jobs_.emplace_back(number);
  Start();
}

void PlanChecker::TakeUp() {
  const std::lock_guard lock(mutex_);
  jobs_.emplace_back(std::nullopt);
  Start();
}

void PlanChecker::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return jobs_.empty() && !working_; });
}

void PlanChecker::Start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  changed_.notify_all();
}

void PlanChecker::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    const std::optional<std::int64_t> job = jobs_.front();
    jobs_.pop_front();
    working_ = true;
    lock.unlock();
    const base::Status done = job ? Check(*job) : AddRunning();
    lock.lock();
    const bool out_of_reach = !done.ok() && (done.error().code == base::ErrorCode::kUnavailable ||
                                             done.error().code == base::ErrorCode::kIo);
    if (out_of_reach) {  // the ledger is: later, then
      jobs_.push_front(job);
      changed_.wait_for(lock, kPause, [&] { return stopping_; });
    }
    working_ = false;
    changed_.notify_all();
  }
}

base::Status PlanChecker::AddRunning() {
  return service_.With([&](Context& context) -> base::Status {
    const auto all = ListChecks(context, "");
    if (!all.ok()) return all.error();
    const std::lock_guard lock(mutex_);
    for (auto checks = all->rbegin(); checks != all->rend(); ++checks) {
      if (std::any_of(checks->runs.begin(), checks->runs.end(), IsRunning))
        jobs_.emplace_back(checks->object.number);
    }
    return {};
  });
}

base::Status PlanChecker::Check(std::int64_t number) {
  auto work = service_.With([&](Context& context) { return Begin(context, number); });
  if (!work.ok()) return work.error();
  // What is known already is told before databases are waited for.
  const auto store = [&] {
    return service_.With([&](Context& context) { return Store(context, number, work->runs); });
  };
  if (auto stored = store(); !stored.ok()) return stored.error();
  if (work->workspace == nullptr) return {};
  AskDatabases(*work, stop_.fd);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return {};  // what was not answered stays RUNNING
  }
  return store();
}

}  // namespace lockstep::service
