#include "native/service/supervisor.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "core/base/text.h"
#include "native/interruption.h"
#include "native/native_host.h"
#include "native/process/loop.h"
#include "native/session.h"

extern char** environ;  // NOLINT: POSIX

namespace lockstep::service {
namespace {

/// How long a runner has to cancel what runs on its servers, before it is killed.
constexpr base::Duration kPatience = base::Seconds(20);
constexpr base::Duration kFirstPause{500}, kLongestPause = base::Seconds(30);
constexpr std::size_t kKeptOutput = 4096;

/// Stopped by a person, and nobody has asked for a task since: it is a person's to go on.
bool IsHeld(const native::StoredRollout& stored) {
  if (!stored.scheduler().state().paused()) return false;
  bool held = false;
  for (const rollout::Event& event : stored.events()) {
    if (const auto* paused = std::get_if<rollout::RolloutPaused>(&event.fact))
      held = !paused->reason.starts_with(native::kInterruptedBy) &&
             paused->reason != native::kPlanWasChanged;
    if (std::holds_alternative<rollout::TaskRunCreated>(event.fact)) held = false;
  }
  return held;
}

std::vector<std::string> OwnEnvironment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    // Who may ask this server is no business of a runner and its clients.
    if (!std::string_view(*variable).starts_with("LOCKSTEP_TOKEN")) variables.push_back(*variable);
  }
  return variables;
}

}  // namespace

class Supervisor::Thread {
 public:
  Thread(std::string ledger, Options options)
      : ledger_(std::move(ledger)),
        options_(std::move(options)),
        news_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        thread_([this] { Run(); }) {}
  ~Thread() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    Tell();
    thread_.join();
    close(news_);
  }
  void Wake(std::string_view rollout) {
    {
      const std::lock_guard lock(mutex_);
      woken_.emplace(rollout);
    }
    Tell();
  }

 private:
  struct Runner {
    process::ChildId child = 0;
    bool at_work = false;
    base::Duration pause = kFirstPause;
    std::string output;  // the end of it
  };

  void Tell() {
    const std::uint64_t one = 1;
    (void)!write(news_, &one, sizeof one);
  }
  void Run();
  void TakeNews();
  void FindAll();
  void Look(const std::string& rollout);
  void Start(const std::string& rollout, Runner& runner);
  void OnExit(const std::string& rollout, const process::ExitStatus& status);
  void LookLater(const std::string& rollout, Runner& runner);
  void OnError(const std::string& rollout, Runner& runner, const base::Error& error);
  bool stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  const std::string ledger_;
  const Options options_;
  const int news_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> woken_;
  bool stopping_ = false;

  // Of the thread.
  std::unique_ptr<process::Loop> loop_;
  std::map<std::string, Runner> runners_;  // by rollout
  std::thread thread_;                     // last: it uses all of these
};

void Supervisor::Thread::Run() {
  // Here, so that children are those of this thread, and end with it.
  process::Loop::Options options;
  options.ladder_step = kPatience;
  loop_ = std::make_unique<process::Loop>(options);
  loop_->OnReadable(news_, [this] {
    std::uint64_t count = 0;
    (void)!read(news_, &count, sizeof count);
  });
  FindAll();
  while (!stopping()) {
    TakeNews();
    loop_->Run({-1});
  }
  for (auto& [name, runner] : runners_) {
    if (runner.at_work) loop_->Stop(runner.child);
  }
  while (loop_->running() > 0) loop_->Run({-1});
  loop_.reset();
}

void Supervisor::Thread::TakeNews() {
  std::set<std::string, std::less<>> woken;
  {
    const std::lock_guard lock(mutex_);
    woken = std::exchange(woken_, {});
  }
  for (const std::string& rollout : woken) {
    runners_[rollout].pause = kFirstPause;
    Look(rollout);
  }
}

void Supervisor::Thread::FindAll() {
  const auto again = [this](const base::Error& error) {
    options_.notice(error.message);
    loop_->After(kLongestPause, [this] { FindAll(); });
  };
  auto ledger = ledger::Ledger::Open(ledger_, ledger::Ledger::Mode::kWrite);
  if (!ledger.ok()) return again(ledger.error());
  const auto records = (*ledger)->List();
  if (!records.ok()) return again(records.error());
  for (const ledger::RolloutRecord& record : *records) {
    if (record.options.count(ledger::kPlanOption) && record.status != "DONE") Look(record.name);
  }
}

void Supervisor::Thread::Look(const std::string& rollout) {
  Runner& runner = runners_[rollout];
  if (runner.at_work) return;  // its end is looked at
  auto ledger = ledger::Ledger::Open(ledger_, ledger::Ledger::Mode::kWrite);
  if (!ledger.ok()) return OnError(rollout, runner, ledger.error());
  const auto record = (*ledger)->Find(rollout);
  if (!record.ok()) return OnError(rollout, runner, record.error());
  const auto stored = native::StoredRollout::Load(**ledger, *record);
  if (!stored.ok()) return OnError(rollout, runner, stored.error());
  if (IsHeld(**stored) || native::WhyNothingToDo(**stored, **ledger)) return;
  Start(rollout, runner);
}

void Supervisor::Thread::Start(const std::string& rollout, Runner& runner) {
  process::Command command;
  command.program = "/proc/self/exe";
  command.args = {"resume", rollout};
  command.args.insert(command.args.end(), options_.arguments.begin(), options_.arguments.end());
  command.env = OwnEnvironment();
  runner.output.clear();
  const auto keep = [this, rollout](process::Stream, std::string_view bytes) {
    std::string& output = runners_[rollout].output;
    output += bytes;
    if (output.size() > kKeptOutput) output.erase(0, output.size() - kKeptOutput);
  };
  const auto child = loop_->Spawn(
      command, {keep, [this, rollout](const process::ExitStatus& s) { OnExit(rollout, s); }});
  if (!child.ok()) {
    options_.notice("no runner for " + rollout + ": " + child.error().message);
    return LookLater(rollout, runner);
  }
  runner.child = *child;
  runner.at_work = true;
}

void Supervisor::Thread::OnExit(const std::string& rollout, const process::ExitStatus& status) {
  Runner& runner = runners_[rollout];
  runner.at_work = false;
  if (stopping()) return;
  // A failed task is the rollout's matter; a runner that could not do its work is ours.
  const bool troubled = status.signal != 0 ||
                        (status.code > native::kExitFailed && status.code != native::kExitNotYet);
  if (troubled) {
    options_.notice("the runner of " + rollout + " ended with " +
                    (status.signal != 0 ? "signal " + std::to_string(status.signal)
                                        : "exit code " + std::to_string(status.code)) +
                    ": " + base::Printable(runner.output));
  }
  // Something may have come while it was about to end.
  if (status.signal != 0 || status.code != native::kExitDone) return LookLater(rollout, runner);
  runner.pause = kFirstPause;
  Look(rollout);
}

/// Somebody else holds the rollout, or something is missing: not at once again, and less often each
/// time, until somebody asks for something.
void Supervisor::Thread::LookLater(const std::string& rollout, Runner& runner) {
  loop_->After(runner.pause, [this, rollout] { Look(rollout); });
  runner.pause = std::min(base::Duration{runner.pause.ms * 2}, kLongestPause);
}

/// What the ledger cannot tell now it may tell later; what it told wrongly stays so.
void Supervisor::Thread::OnError(const std::string& rollout, Runner& runner,
                                 const base::Error& error) {
  options_.notice(error.message);
  if (error.code == base::ErrorCode::kUnavailable || error.code == base::ErrorCode::kIo)
    LookLater(rollout, runner);
}

Supervisor::Supervisor(std::string ledger, Options options)
    : thread_(std::make_unique<Thread>(std::move(ledger), std::move(options))) {}
Supervisor::~Supervisor() = default;
void Supervisor::Wake(std::string_view rollout) {
  thread_->Wake(rollout);
}

}  // namespace lockstep::service
