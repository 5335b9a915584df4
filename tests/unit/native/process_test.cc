// Children as the runner meets them: every way to end, everything that can be left behind.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <optional>

#include "native/process/capture.h"
#include "native/process/loop.h"

namespace lockstep::process {
namespace {

struct Seen {
  std::string out, err;
  std::optional<ExitStatus> exit;
};

int OpenDescriptors() {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    ++count;
  return count;
}

Command Shell(std::string script) {
  return {.program = "/bin/sh",
          .args = {"-c", std::move(script)},
          .env = {"PATH=/usr/bin:/bin"},
          .input = "",
          .input_goes_on = false,
          .folder = "",
          .files = {}};
}

class ProcessTest : public testing::TestWithParam<bool> {
 protected:
  static Loop::Options Quick() {
    Loop::Options options;
    options.use_pidfd = GetParam();
    options.ladder_step = base::Milliseconds(60);
    options.drain_limit = base::Milliseconds(60);
    return options;
  }
  /// `on_output` is called after each chunk, when the script has said something.
  ChildId Start(const Command& command, Seen& seen, std::function<void()> on_output = nullptr) {
    auto child = loop_.Spawn(command, {[&seen, on_output](Stream stream, std::string_view bytes) {
                                         (stream == Stream::kOut ? seen.out : seen.err) += bytes;
                                         if (on_output) on_output();
                                       },
                                       [&seen](const ExitStatus& status) {
                                         EXPECT_FALSE(seen.exit) << "ended twice";
                                         seen.exit = status;
                                       }});
    EXPECT_TRUE(child.ok()) << child.error().message;
    return *child;
  }
  void WaitAll() {
    while (loop_.running() > 0) loop_.Run(base::Seconds(10));
  }
  Seen RunShell(std::string script) {
    Seen seen;
    Start(Shell(std::move(script)), seen);
    WaitAll();
    return seen;
  }
  Loop loop_{Quick()};
};
INSTANTIATE_TEST_SUITE_P(WaitingBy, ProcessTest, testing::Bool(),
                         [](const auto& param) { return param.param ? "Pidfd" : "Sigchld"; });

TEST_P(ProcessTest, TellsBothStreamsAndTheExitCode) {
  const Seen seen = RunShell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(seen.out, "out\n");
  EXPECT_EQ(seen.err, "err\n");
  EXPECT_EQ(seen.exit->code, 3);
  EXPECT_EQ(seen.exit->signal, 0);
}

TEST_P(ProcessTest, TellsTheSignal) {
  EXPECT_EQ(RunShell("kill -SEGV $$").exit->signal, SIGSEGV);
}

TEST_P(ProcessTest, GivesTheWholeInputAsAFile) {
  Command command = Shell("test -f /proc/self/fd/0 || echo not a file; wc -c");
  command.input = std::string(3'000'000, 'x');
  Seen seen;
  Start(command, seen);
  WaitAll();
  EXPECT_EQ(seen.out, "3000000\n");
}

TEST_P(ProcessTest, TakesFiveMegabytes) {
  const Seen seen = RunShell("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2");
  EXPECT_EQ(seen.out.size(), 5'000'000u);
  EXPECT_EQ(seen.err.size(), 5'000'000u);
}

TEST_P(ProcessTest, InputThatGoesOnIsReadAsItComes) {
  Seen seen, later;
  Command command = Shell("while read line; do echo got $line; done; echo end");
  command.input = "one\n";
  command.input_goes_on = true;
  const ChildId child = Start(command, seen);
  while (seen.out != "got one\n") loop_.Run(base::Seconds(10));
  // Its news go to somebody else from now on, also when that is said from inside of a callback.
  loop_.Listen(child, {[&](Stream, std::string_view bytes) {
                         later.out += bytes;
                         if (later.out != "got two\n") return;
                         loop_.Listen(child,
                                      {[&](Stream, std::string_view rest) { seen.err += rest; },
                                       [&](const ExitStatus& status) { later.exit = status; }});
                         loop_.CloseInput(child);
                       },
                       [](const ExitStatus&) { ADD_FAILURE() << "that was not the listener"; }});
  loop_.Write(child, "two\n");
  WaitAll();
  EXPECT_EQ(seen.out, "got one\n");
  EXPECT_EQ(seen.err, "end\n");
  ASSERT_TRUE(later.exit);
  EXPECT_EQ(later.exit->code, 0);
}

TEST_P(ProcessTest, InputThatGoesOnTakesFiveMegabytesAndMore) {
  Seen seen;
  Command command = Shell("wc -c");
  command.input = std::string(5'000'000, 'x');
  command.input_goes_on = true;
  const ChildId child = Start(command, seen);
  loop_.Write(child, std::string(1'000'000, 'y'));
  loop_.CloseInput(child);
  WaitAll();
  EXPECT_EQ(seen.out, "6000000\n");
}

TEST_P(ProcessTest, WhatAChildThatIsGoneDoesNotReadIsLost) {
  signal(SIGPIPE, SIG_IGN);
  Seen seen;
  Command command = Shell("exit 3");
  command.input = std::string(5'000'000, 'x');
  command.input_goes_on = true;
  const ChildId child = Start(command, seen);
  WaitAll();
  loop_.Write(child, "more");
  loop_.CloseInput(child);
  ASSERT_TRUE(seen.exit);
  EXPECT_EQ(seen.exit->code, 3);
}

TEST_P(ProcessTest, EnvironmentIsExactlyTheGivenOne) {
  Seen seen;
  Start({.program = "/usr/bin/env",
         .args = {},
         .env = {"A=1", "B=2"},
         .input = "",
         .folder = "",
         .files = {}},
        seen);
  WaitAll();
  EXPECT_EQ(seen.out, "A=1\nB=2\n");
}

TEST_P(ProcessTest, ChildHasOnlyItsStandardStreamsAndDefaultSignals) {
  const int leak = open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a library might
  signal(SIGPIPE, SIG_IGN);
  const Seen seen = RunShell("ls /proc/self/fd; grep -E 'Sig(Ign|Blk)' /proc/self/status");
  signal(SIGPIPE, SIG_DFL);
  close(leak);
  EXPECT_EQ(seen.out.substr(0, 8), "0\n1\n2\n3\n") << seen.out;  // 3 is ls itself
  EXPECT_NE(seen.out.find("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"),
            std::string::npos)
      << seen.out;
}

TEST_P(ProcessTest, FilesAreTheChildsAlone) {
  Seen seen;
  Command command = Shell(
      "cat /proc/self/fd/4 /proc/self/fd/3; ls /proc/self/fd; stat -Lc %a "
      "/proc/self/fd/3");
  command.files = {"one\n", "two\n"};
  Start(command, seen);
  WaitAll();
  EXPECT_EQ(seen.out, "two\none\n0\n1\n2\n3\n4\n5\n600\n");  // 5 is ls itself
}

TEST_P(ProcessTest, ChildLeadsItsOwnGroup) {
  const Seen seen = RunShell("echo $$; cut -d' ' -f5 /proc/$$/stat");
  const auto line = seen.out.find('\n');
  EXPECT_EQ(seen.out.substr(0, line + 1), seen.out.substr(line + 1));
}

TEST_P(ProcessTest, WhatCannotBeStartedIsAnError) {
  const auto missing = loop_.Spawn(
      {.program = "/no/such/client", .args = {}, .env = {}, .input = "", .folder = "", .files = {}},
      {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().message, "cannot start /no/such/client: No such file or directory");
  const auto folder = loop_.Spawn(
      {.program = "/tmp", .args = {}, .env = {}, .input = "", .folder = "", .files = {}}, {});
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().code, base::ErrorCode::kPermissionDenied);
  Command elsewhere = Shell("true");
  elsewhere.folder = "/no/such/folder";
  EXPECT_FALSE(loop_.Spawn(elsewhere, {}).ok());
  EXPECT_EQ(loop_.running(), 0u);
}

TEST_P(ProcessTest, TooManyOpenFilesIsAnErrorForLater) {
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  for (int room = 0; room < 7; ++room) {  // each descriptor of a start is the one that is missing
    const int next = dup(0);
    close(next);
    const rlimit tight{static_cast<rlim_t>(next + room), before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &tight);
    const auto child =
        loop_.Spawn(Shell("exit 0"), {[](Stream, std::string_view) {}, [](const ExitStatus&) {}});
    setrlimit(RLIMIT_NOFILE, &before);
    if (child.ok()) break;
    EXPECT_EQ(child.error().code, base::ErrorCode::kResourceExhausted) << child.error().message;
  }
  WaitAll();
  const int open_before = OpenDescriptors();
  EXPECT_EQ(RunShell("exit 3").exit->code, 3);
  EXPECT_EQ(OpenDescriptors(), open_before);
}

TEST_P(ProcessTest, StopBeginsWithSigint) {
  Seen seen;
  ChildId id = 0;
  id = Start(
      Shell("trap 'echo cancelled; exit 7' INT; echo ready; while :; do sleep 1000 & wait; done"),
      seen, [&] { loop_.Stop(id); });
  WaitAll();
  EXPECT_EQ(seen.out, "ready\ncancelled\n");
  EXPECT_EQ(seen.exit->code, 7);
}

TEST_P(ProcessTest, StopClimbsToSigkill) {
  Seen seen;
  ChildId id = 0;
  id = Start(Shell("trap '' INT TERM; echo ready; while :; do sleep 1000; done"), seen,
             [&] { loop_.Stop(id); });
  WaitAll();
  EXPECT_EQ(seen.exit->signal, SIGKILL);
}

TEST_P(ProcessTest, KillIsAtOnce) {
  Seen seen;
  ChildId id = 0;
  id = Start(Shell("trap '' INT TERM; echo ready; exec sleep 1000"), seen, [&] { loop_.Kill(id); });
  WaitAll();
  EXPECT_EQ(seen.exit->signal, SIGKILL);
}

TEST_P(ProcessTest, GrandchildrenInTheGroupEndWithTheirClient) {
  const Seen seen = RunShell("sleep 1000 & echo $!; exit 0");
  EXPECT_FALSE(seen.exit->output_cut);
  EXPECT_EQ(seen.exit->code, 0);
  // It is a zombie of init's, or gone.
  std::string state;
  for (int i = 0; i < 1000; ++i) {
    FILE* file = fopen(("/proc/" + std::to_string(std::stoi(seen.out)) + "/stat").c_str(), "r");
    if (file == nullptr) return;
    char text[256] = {};
    const std::size_t n = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    state.assign(text, n);
    if (state.find(") Z") != std::string::npos || n == 0) return;
    usleep(1000);
  }
  FAIL() << "still there: " << state;
}

TEST_P(ProcessTest, ADaemonThatHoldsTheOutputIsNotWaitedFor) {
  Seen seen;
  ChildId id = 0;
  // The daemon speaks when it has left the group; the client ends at the SIGINT.
  id = Start(
      Shell("trap 'exit 4' INT; setsid sh -c 'echo $$; exec sleep 1000' & while :; do wait; done"),
      seen, [&] { loop_.Stop(id); });
  WaitAll();
  EXPECT_EQ(seen.exit->code, 4);
  EXPECT_TRUE(seen.exit->output_cut);
  EXPECT_EQ(kill(std::stoi(seen.out), SIGKILL), 0) << "the daemon is not ours to end";
}

TEST_P(ProcessTest, ClosedOutputDoesNotEndTheWait) {
  EXPECT_EQ(RunShell("exec >&- 2>&-; exit 5").exit->code, 5);
}

TEST_P(ProcessTest, ManyAtOnceLeaveNothingBehind) {
  RunShell("true");  // what Asio opens on first use stays open
  const int before = OpenDescriptors();
  std::vector<std::unique_ptr<Seen>> seen;
  const char* const kinds[] = {"exit 0",
                               "exit 1",
                               "kill -9 $$",
                               "echo $$",
                               "head -c 300000 /dev/zero",
                               "sleep 1000 & exit 0",
                               "exec 2>&-; echo x",
                               "echo e >&2; exit 2"};
  for (int i = 0; i < 256; ++i) {
    seen.push_back(std::make_unique<Seen>());
    Start(Shell(kinds[i % 8]), *seen.back());
    if (i % 64 == 63) WaitAll();
  }
  WaitAll();
  for (int i = 0; i < 256; ++i) {
    ASSERT_TRUE(seen[i]->exit) << i;
    EXPECT_EQ(seen[i]->exit->signal, i % 8 == 2 ? SIGKILL : 0) << i;
    EXPECT_FALSE(seen[i]->exit->output_cut) << i;
  }
  EXPECT_EQ(OpenDescriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a zombie is left";
  EXPECT_EQ(errno, ECHILD);
}

TEST_P(ProcessTest, TimersRunInOrderAndCanBeCancelled) {
  std::string order;
  loop_.After(base::Milliseconds(20), [&] { order += "b"; });
  const TimerId never = loop_.After(base::Milliseconds(10), [&] { order += "x"; });
  loop_.After(base::Milliseconds(1), [&] { order += "a"; });
  loop_.CancelTimer(never);
  while (order.size() < 2) loop_.Run(base::Seconds(10));
  EXPECT_EQ(order, "ab");
}

TEST_P(ProcessTest, RunReturnsAtItsLimit) {
  const auto begin = std::chrono::steady_clock::now();
  loop_.Run(base::Milliseconds(20));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(20));
}

TEST_P(ProcessTest, SignalsComeAsCallbacks) {
  int got = 0;
  const int wanted[] = {SIGUSR1};
  loop_.OnSignals(wanted, [&](int signal) { got = signal; });
  raise(SIGUSR1);
  while (got == 0) loop_.Run(base::Seconds(10));
  EXPECT_EQ(got, SIGUSR1);
}

// kill -9 of the runner: its clients hear SIGINT, which makes them cancel on their server.
TEST(PdeathsigTest, TheClientHearsOfTheRunnersDeath) {
  const std::string fifo = testing::TempDir() + "lockstep-pdeathsig." + std::to_string(getpid());
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const pid_t runner = fork();
  if (runner == 0) {
    Loop loop;
    const auto child = loop.Spawn(Shell("exec 3>" + fifo +
                                        "; trap 'echo heard >&3; exit' INT; echo ready >&3; while "
                                        ":; do sleep 1000 & wait; done"),
                                  {[](Stream, std::string_view) {}, [](const ExitStatus&) {}});
    if (!child.ok()) _exit(1);
    for (;;) loop.Run(base::Seconds(100));
  }
  FILE* reader = fopen(fifo.c_str(), "r");
  char line[32] = {};
  ASSERT_NE(fgets(line, sizeof(line), reader), nullptr);
  EXPECT_STREQ(line, "ready\n");
  kill(runner, SIGKILL);
  waitpid(runner, nullptr, 0);
  ASSERT_NE(fgets(line, sizeof(line), reader), nullptr);
  EXPECT_STREQ(line, "heard\n");
  fclose(reader);
  unlink(fifo.c_str());
}

TEST(CaptureTest, KeepsHeadAndTailAndCountsTheRest) {
  Capture capture;
  std::string all;
  for (int i = 0; i < 50'000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    all += line;
    capture.Append(line);
  }
  EXPECT_EQ(capture.total(), all.size());
  EXPECT_EQ(capture.head(), all.substr(0, Capture::kHead));
  EXPECT_EQ(capture.tail(), all.substr(all.size() - Capture::kTail));
  EXPECT_EQ(capture.dropped(), all.size() - Capture::kHead - Capture::kTail);
  Capture small;
  small.Append("abc");
  small.Append(std::string(70'000, 'x'));
  EXPECT_EQ(small.Text(), "abc" + std::string(70'000, 'x'));
  EXPECT_EQ(small.dropped(), 0u);
}

}  // namespace
}  // namespace lockstep::process
