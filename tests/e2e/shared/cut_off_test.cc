// Runners that others cannot know to be dead: one whose network is gone, one that is frozen, and
// all of them when the ledger's server dies.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/e2e/shared/team.h"

namespace lockstep::e2e {
namespace {

using tests::Eventually;

/// A network namespace whose only way out is a cable to this one, that can be cut.
class Network {
 public:
  Network() {
    const std::string number = std::to_string(getpid() % 250 + 1);
    here_ = "10.77." + number + ".1";
    ok_ = Run("ip netns add " + name_) &&
          Run("ip link add " + cable_ + " type veth peer name inside netns " + name_) &&
          Run("ip addr add " + here_ + "/24 dev " + cable_) &&
          Run("ip link set " + cable_ + " up") &&
          Run("ip -n " + name_ + " addr add 10.77." + number + ".2/24 dev inside") &&
          Run("ip -n " + name_ + " link set inside up");
  }
  ~Network() { Run("ip netns del " + name_); }
  bool ok() const { return ok_; }
  const std::string& here() const { return here_; }
  /// What a process becomes part of it by.
  Words Into() const { return {"ip", "netns", "exec", name_}; }
  void Cut() const { Run("ip link set " + cable_ + " down"); }

 private:
  static bool Run(const std::string& command) {
    return std::system((command + " 2>/dev/null").c_str()) == 0;
  }
  std::string name_ = "lockstep" + std::to_string(getpid());
  std::string cable_ = "ls" + std::to_string(getpid());
  std::string here_;
  bool ok_ = false;
};

class CutOff : public Team {
 protected:
  // A server of its own, that listens to the network and that dies.
  void SetUp() override {
    own_ = tests::Server::StartPostgres();
    if (own_ == nullptr) GTEST_SKIP() << "no server";
    server_ = own_.get();
    setenv("PGPASSWORD", tests::Server::kPassword, 1);
    url_ = "postgresql://app@/ledger?host=" + server_->host();
  }
  bool Work(int runs) {
    return Eventually([&] {
      return Ledger("SELECT count(*) >= " + std::to_string(runs) +
                    " FROM lockstep_ledger.work WHERE runner IS NOT NULL") == "t";
    });
  }

 private:
  std::unique_ptr<tests::Server> own_;
};

TEST_F(CutOff, RunnersWithoutANetworkOrFrozenAreReplacedAndStop) {
  const Network network;
  if (!network.ok()) GTEST_SKIP() << "this machine makes no network namespaces";
  server_->ListenOn(network.here());
  WriteRollout(7, {"INSERT INTO log VALUES ('1');\nSELECT pg_sleep(3);",
                   "INSERT INTO log VALUES ('2');\nSELECT pg_sleep(3);"});
  const auto frozen = StartRun();
  ASSERT_TRUE(Work(2)) << Output();
  const std::string by_socket = url_;
  url_ = "postgresql://app@" + network.here() + "/ledger";
  const auto cut = Start({"run", "plan.json", "--jobs", "2"}, network.Into());
  ASSERT_TRUE(Work(4)) << Output();
  url_ = by_socket;
  const auto third = StartRun();
  ASSERT_TRUE(Work(6)) << Output();
  EXPECT_TRUE(Leader().ends_with(":" + std::to_string(frozen->pid())));

  network.Cut();
  kill(frozen->pid(), SIGSTOP);
  EXPECT_EQ(cut->Wait(), 5) << "it notices by itself\n" << Output();
  EXPECT_NE(Output().find("is out of reach: no answer for 10 s"), std::string::npos) << Output();
  EXPECT_EQ(third->Wait(), 0) << Output();
  ExpectExactlyOnce("1,2");
  kill(frozen->pid(), SIGCONT);
  EXPECT_EQ(frozen->Wait(), 5) << Output();
  EXPECT_NE(Output().find("did not get to the ledger for more than 20 s"), std::string::npos)
      << Output();
  ExpectExactlyOnce("1,2");
  EXPECT_EQ(Ledger("SELECT status FROM lockstep_ledger.rollouts"), "DONE");
}

TEST_F(CutOff, WhenTheLedgersServerDiesAllStopAndAResumeGoesOn) {
  WriteRollout(4, {"INSERT INTO log VALUES ('1');\nSELECT pg_sleep(2);"});
  const auto one = StartRun(), two = StartRun();
  ASSERT_TRUE(Work(4)) << Output();
  server_->Kill();
  EXPECT_EQ(one->Wait(), 5) << Output();
  EXPECT_EQ(two->Wait(), 5) << Output();
  const Ended unreachable = Lockstep({"status"});
  EXPECT_EQ(unreachable.code, 5);
  EXPECT_NE(unreachable.err.find("is out of reach: "), std::string::npos) << unreachable.err;
  server_->Start();
  const Ended resumed = Lockstep({"resume"});
  EXPECT_EQ(resumed.code, 0) << resumed.out << resumed.err;
  ExpectExactlyOnce("1");
}

}  // namespace
}  // namespace lockstep::e2e
