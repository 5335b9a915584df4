// What is meant for the runner's process group, as ^C is, does not end a client that is just being
// started: it is the runner that stops its clients.
#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "native/process/loop.h"

namespace lockstep::process {
namespace {

TEST(ProcessGroupTest, AClientThatIsBeingStartedIsNoPartOfIt) {
  const pid_t old_group = getpgrp();
  const bool leads = old_group == getpid();
  ASSERT_TRUE(leads || setpgid(0, 0) == 0);
  struct sigaction unmoved = {};
  struct sigaction before = {};
  unmoved.sa_handler = [](int) {};
  sigaction(SIGINT, &unmoved, &before);
  const pid_t storm = fork();
  if (storm == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it ends with this test, however that ends
    for (;;) kill(0, SIGINT);
  }
  {
    Loop loop;
    int ended = 0;
    const auto start = [&] {
      const auto child = loop.Spawn({.program = "/bin/true",
                                     .args = {},
                                     .env = {},
                                     .input = "",
                                     .input_goes_on = false,
                                     .folder = "",
                                     .files = {}},
                                    {[](Stream, std::string_view) {},
                                     [&ended](const ExitStatus& status) {
                                       ended += status.signal == 0 && status.code == 0;
                                     }});
      EXPECT_TRUE(child.ok()) << child.error().message;
    };
    for (int i = 0; i < 20; ++i) {
      start();
      while (loop.running() > 0) loop.Run(base::Seconds(10));
    }
    EXPECT_EQ(ended, 20);
  }
  kill(storm, SIGKILL);
  while (waitpid(storm, nullptr, 0) < 0 && errno == EINTR) {  // by what is left of the storm
  }
  sigaction(SIGINT, &before, nullptr);
  if (!leads) setpgid(0, old_group);
}

}  // namespace
}  // namespace lockstep::process
