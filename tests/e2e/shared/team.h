// A rollout that several runners share: databases and ledger on one PostgreSQL server.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/crash/victim.h"
#include "tests/e2e/servers/world.h"

namespace lockstep::e2e {

class Team : public testing::Test {
 protected:
  void SetUp() override;

  /// `sheets` one after the other on each of `databases` databases team0, team1 …, which have a
  /// table log(sheet TEXT); and an empty ledger.
  void WriteRollout(int databases, const Words& sheets);
  /// lockstep VERB … --ledger …, with its events in the file events.N.
  std::unique_ptr<Victim> Start(const Words& words, const Words& through = {});
  std::unique_ptr<Victim> StartRun() { return Start({"run", "plan.json", "--jobs", "2"}); }
  Ended Lockstep(Words words);
  std::string Ledger(const std::string& sql) { return server_->Sql("ledger", sql); }
  /// host:pid of the runner that decides; "" when there is none.
  std::string Leader();
  std::string Output() const { return folder_.Read("output"); }
  /// Each sheet was applied once everywhere.
  void ExpectExactlyOnce(const std::string& sheets);

  Folder folder_;
  tests::Server* server_ = nullptr;
  std::string url_;
  int databases_ = 0;
  int started_ = 0;
};

}  // namespace lockstep::e2e
