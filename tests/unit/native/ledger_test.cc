// The ledger as its users rely on it: nothing that Append answered ok for is lost, everybody may
// read meanwhile, one runner at a time, and errors say what to do.
#include "native/ledger/ledger.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "native/ledger/lease.h"
#include "tests/unit/native/objects_trial.h"

namespace lockstep::ledger {
namespace {

constexpr base::Instant kNow{1'795'000'000'000};

class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "lockstep-ledger-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ + "/new/folder/ledger.db";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Ledger> OpenLedger(Ledger::Mode mode = Ledger::Mode::kWrite) {
    auto ledger = Ledger::Open(path_, mode);
    EXPECT_TRUE(ledger.ok()) << ledger.error().message;
    return std::move(*ledger);
  }
  static NewRollout Example() {
    return {
        .project = "sample",
        .digest = "d1",
        .title = "Add phones",
        .created = kNow,
        .options = {{"parallel", "4"}, {"semantics", "documented"}},
        .documents = {{Document::Role::kPlan, "plan.json", "plan.json", "{\"steps\": []}"},
                      {Document::Role::kSheet, "projects/sample/sheets/1", "sheets/1.sql",
                       std::string("a\0b", 3)},
                      {Document::Role::kSheet, "projects/sample/sheets/2", "sheets/2.sql", ""}}};
  }
  static base::Status AppendEvents(Ledger& ledger, RolloutId id, std::vector<EventRow> events,
                                   Durability durability = Durability::kProcessSafe) {
    return ledger.Append(id, {.events = events,
                              .status = "RUNNING",
                              .handled_commands = {},
                              .outputs = {},
                              .now = kNow,
                              .durability = durability});
  }

  std::string folder_, path_;
};

TEST_F(LedgerTest, GivesBackWhatARolloutWasMadeFrom) {
  const auto created = OpenLedger()->Create(Example());
  ASSERT_TRUE(created.ok()) << created.error().message;
  EXPECT_EQ(created->id, 101);
  EXPECT_EQ(created->name, "projects/sample/rollouts/101");
  const auto ledger = OpenLedger(Ledger::Mode::kRead);
  const auto found = ledger->Find("projects/sample/rollouts/101");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->options.at("parallel"), "4");
  EXPECT_EQ(found->status, "NOT_STARTED");
  EXPECT_EQ(found->created, kNow);
  const auto documents = ledger->Documents(101);
  ASSERT_TRUE(documents.ok());
  ASSERT_EQ(documents->size(), 3u);
  EXPECT_EQ((*documents)[0].bytes, "{\"steps\": []}");
  EXPECT_EQ((*documents)[1].bytes, std::string("a\0b", 3));
  EXPECT_EQ((*documents)[2].name, "projects/sample/sheets/2");
  EXPECT_EQ((*documents)[2].path, "sheets/2.sql");
  EXPECT_EQ((*documents)[2].bytes, "");
}

TEST_F(LedgerTest, FindsByNameNumberDigestAndNewest) {
  const auto ledger = OpenLedger();
  EXPECT_EQ(ledger->Find("").error().code, base::ErrorCode::kNotFound);
  NewRollout second = Example();
  second.digest = "d2";
  ASSERT_TRUE(ledger->Create(Example()).ok());
  ASSERT_TRUE(ledger->Create(second).ok());
  EXPECT_EQ(ledger->Create(Example())->id, 101) << "the same again is the same";
  NewRollout elsewhere = Example();
  elsewhere.options["inventory_folder"] = "/elsewhere";
  EXPECT_EQ(ledger->Create(elsewhere)->id, 103) << "the same names, other databases";
  EXPECT_EQ(ledger->Find("")->id, 103);
  EXPECT_EQ(ledger->Find("102")->digest, "d2");
  EXPECT_EQ((*ledger->FindByDigest("d1"))->id, 103) << "the newest one";
  EXPECT_FALSE(ledger->FindByDigest("d9")->has_value());
  const auto unknown = ledger->Find("99");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().message,
            "there is no rollout \"99\"; the newest is \"projects/sample/rollouts/103\" of 3");
  EXPECT_EQ(ledger->List()->size(), 3u);
}

// A crash: the process ends by SIGKILL between two turns, with the ledger open.
TEST_F(LedgerTest, WhatWasAppendedSurvivesSigkill) {
  const pid_t writer = fork();
  if (writer == 0) {
    auto ledger = Ledger::Open(path_, Ledger::Mode::kWrite);
    if (!ledger.ok() || !(*ledger)->Create(Example()).ok()) _exit(1);
    for (std::uint64_t i = 1; i <= 100; ++i) {
      if (!AppendEvents(**ledger, 101, {{i, "{\"sequence\":" + std::to_string(i) + "}"}}).ok())
        _exit(2);
    }
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(writer, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto ledger = OpenLedger(Ledger::Mode::kRead);
  const auto events = ledger->Events(101);
  ASSERT_TRUE(events.ok());
  ASSERT_EQ(events->size(), 100u);
  EXPECT_EQ(events->back().json, "{\"sequence\":100}");
  EXPECT_EQ(ledger->Events(101, 98)->front().sequence, 99u);
  EXPECT_EQ(ledger->Find("101")->status, "RUNNING");
}

TEST_F(LedgerTest, ATurnIsAllOrNothing) {
  const auto ledger = OpenLedger();
  ASSERT_TRUE(ledger->Create(Example()).ok());
  ASSERT_TRUE(AppendEvents(*ledger, 101, {{1, "a"}, {2, "b"}}).ok());
  const auto refused = AppendEvents(*ledger, 101, {{3, "c"}, {2, "again"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(ledger->Events(101)->size(), 2u);
  EXPECT_TRUE(AppendEvents(*ledger, 101, {{3, "c"}}, Durability::kPowerSafe).ok())
      << "usable afterwards";
}

TEST_F(LedgerTest, ReadersOfOtherConnectionsAlwaysWork) {
  const auto writer = OpenLedger();
  ASSERT_TRUE(writer->Create(Example()).ok());
  const auto reader = OpenLedger(Ledger::Mode::kRead);
  sqlite3* third = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &third), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(third, "BEGIN IMMEDIATE; DELETE FROM events", nullptr, nullptr, nullptr),
            SQLITE_OK);
  EXPECT_TRUE(reader->List().ok()) << "in the middle of somebody's write";
  sqlite3_exec(third, "ROLLBACK", nullptr, nullptr, nullptr);
  ASSERT_EQ(sqlite3_exec(third, "BEGIN; SELECT * FROM rollouts", nullptr, nullptr, nullptr),
            SQLITE_OK);
  EXPECT_TRUE(AppendEvents(*writer, 101, {{1, "a"}}).ok()) << "in the middle of somebody's read";
  sqlite3_close(third);
  EXPECT_EQ(reader->Events(101)->size(), 1u);
}

TEST_F(LedgerTest, AReaderChangesNothing) {
  EXPECT_EQ(Ledger::Open(path_, Ledger::Mode::kRead).error().code, base::ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(path_));
  ASSERT_TRUE(OpenLedger()->Create(Example()).ok());
  EXPECT_FALSE(AppendEvents(*OpenLedger(Ledger::Mode::kRead), 101, {{1, "a"}}).ok());
}

TEST_F(LedgerTest, CommandsReachTheOtherProcessOnce) {
  const auto runner = OpenLedger();
  ASSERT_TRUE(runner->Create(Example()).ok());
  runner->ChangedByOthers();
  EXPECT_FALSE(runner->ChangedByOthers());
  ASSERT_TRUE(AppendEvents(*runner, 101, {{1, "a"}}).ok());
  EXPECT_FALSE(runner->ChangedByOthers()) << "its own writes do not count";

  const auto terminal = OpenLedger();
  const auto id = terminal->AddCommand(101, {.kind = Command::Kind::kSkip,
                                             .tasks = {"t/1", "t/2"},
                                             .reason = "known bad",
                                             .created = kNow});
  ASSERT_TRUE(id.ok());
  EXPECT_TRUE(runner->ChangedByOthers());
  const auto pending = runner->PendingCommands(101);
  ASSERT_EQ(pending->size(), 1u);
  EXPECT_EQ((*pending)[0].kind, Command::Kind::kSkip);
  EXPECT_EQ((*pending)[0].tasks, (std::vector<std::string>{"t/1", "t/2"}));
  EXPECT_EQ((*pending)[0].reason, "known bad");
  EXPECT_FALSE(*terminal->IsHandled(*id));
  const std::int64_t handled[] = {*id};
  ASSERT_TRUE(runner
                  ->Append(101, {.events = {},
                                 .status = "RUNNING",
                                 .handled_commands = handled,
                                 .outputs = {},
                                 .now = kNow})
                  .ok());
  EXPECT_TRUE(*terminal->IsHandled(*id));
  EXPECT_TRUE(runner->PendingCommands(101)->empty());
}

TEST_F(LedgerTest, KeepsOutputsByRun) {
  const auto ledger = OpenLedger();
  ASSERT_TRUE(ledger->Create(Example()).ok());
  const Output outputs[] = {
      {"t/1/taskRuns/1", Output::Stream::kOut, "head", "tail", 77},
      {"t/1/taskRuns/2", Output::Stream::kErr, std::string("\xff\0", 2), "", 0}};
  ASSERT_TRUE(
      ledger
          ->Append(
              101,
              {.events = {}, .status = "", .handled_commands = {}, .outputs = outputs, .now = kNow})
          .ok());
  ASSERT_EQ(ledger->Outputs(101, "")->size(), 2u);
  const auto second = ledger->Outputs(101, "t/1/taskRuns/2");
  ASSERT_EQ(second->size(), 1u);
  EXPECT_EQ((*second)[0].head, std::string("\xff\0", 2));
  EXPECT_EQ((*ledger->Outputs(101, "t/1/taskRuns/1"))[0].dropped, 77u);
}

TEST_F(LedgerTest, OneRunnerAtATimeAndItIsNamed) {
  const auto ledger = OpenLedger();
  NewRollout second = Example();
  second.digest = "d2";
  ASSERT_TRUE(ledger->Create(Example()).ok());
  ASSERT_TRUE(ledger->Create(second).ok());
  EXPECT_FALSE(Lease::HolderOf(*ledger, 101)->has_value());
  auto lease = Lease::Acquire(*ledger, 101, kNow);
  ASSERT_TRUE(lease.ok()) << lease.error().message;
  const auto other = OpenLedger();
  const auto refused = Lease::Acquire(*other, 101, kNow);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find("(pid " + std::to_string(getpid()) + ") since 2026-"),
            std::string::npos)
      << refused.error().message;
  EXPECT_EQ((*Lease::HolderOf(*other, 101))->pid, getpid());
  EXPECT_TRUE(Lease::Acquire(*other, 102, kNow).ok()) << "another rollout is free";
  lease->reset();
  EXPECT_FALSE(Lease::HolderOf(*other, 101)->has_value());
  EXPECT_TRUE(Lease::Acquire(*other, 101, kNow).ok());
}

TEST_F(LedgerTest, ALeaseEndsWithSigkill) {
  ASSERT_TRUE(OpenLedger()->Create(Example()).ok());
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t holder = fork();
  if (holder == 0) {
    auto ledger = Ledger::Open(path_, Ledger::Mode::kWrite);
    auto lease = Lease::Acquire(**ledger, 101, kNow);
    if (write(ready[1], lease.ok() ? "y" : "n", 1) != 1) _exit(1);
    for (;;) pause();
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  const auto ledger = OpenLedger();
  EXPECT_EQ((*Lease::HolderOf(*ledger, 101))->pid, holder);
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  EXPECT_FALSE(Lease::HolderOf(*ledger, 101)->has_value()) << "whatever its row says";
  EXPECT_TRUE(Lease::Acquire(*ledger, 101, kNow).ok());
  close(ready[0]), close(ready[1]);
}

TEST_F(LedgerTest, ErrorsSayWhatToDo) {
  std::filesystem::create_directories(folder_ + "/new/folder");
  FILE* file = fopen(path_.c_str(), "w");
  fputs(
      "this is no database, but long enough to be taken for one: 0123456789 0123456789 0123456789 "
      "0123456789",
      file);
  fclose(file);
  const auto no_database = Ledger::Open(path_, Ledger::Mode::kWrite);
  ASSERT_FALSE(no_database.ok());
  EXPECT_EQ(no_database.error().code, base::ErrorCode::kCorrupt);
  EXPECT_NE(no_database.error().message.find("this is no ledger; choose another --ledger"),
            std::string::npos);

  const auto folder = Ledger::Open(folder_, Ledger::Mode::kWrite);
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().code, base::ErrorCode::kIo) << folder.error().message;
}

TEST_F(LedgerTest, ADatabaseOfSomethingElseIsLeftAlone) {
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path());
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "CREATE TABLE mine(a)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  const auto bytes = std::filesystem::file_size(path_);
  const auto refused = Ledger::Open(path_, Ledger::Mode::kWrite);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("a database of something else"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path_), bytes);
}

TEST_F(LedgerTest, TheSameRolloutIsMadeOnce) {
  const auto ledger = OpenLedger();
  const auto first = ledger->Create(Example());
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(ledger->Create(Example())->name, first->name);
  NewRollout elsewhere = Example();
  elsewhere.options["inventory_folder"] = "/elsewhere";
  EXPECT_NE(ledger->Create(elsewhere)->name, first->name);
}

TEST_F(LedgerTest, KeepsObjects) {
  const auto writer = OpenLedger();
  const auto other = OpenLedger();
  tests::TryObjects(*writer, *other);
}

TEST_F(LedgerTest, ReadsOneOfAnOlderLockstep) {
  ASSERT_TRUE(OpenLedger()->Create(Example()).ok());
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db,
                         "DROP TABLE objects; DROP INDEX rollouts_by_plan; PRAGMA user_version=1",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(db);
  const auto reader = OpenLedger(Ledger::Mode::kRead);
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(reader->List()->size(), 1u);
}

TEST_F(LedgerTest, ANewerLedgerIsRefused) {
  OpenLedger();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version=99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  for (const auto mode : {Ledger::Mode::kRead, Ledger::Mode::kWrite}) {
    const auto refused = Ledger::Open(path_, mode);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, base::ErrorCode::kFailedPrecondition);
  }
}

TEST_F(LedgerTest, AFullDiskIsSaidAndLosesNothing) {
  const auto ledger = OpenLedger();
  ASSERT_TRUE(ledger->Create(Example()).ok());
  ASSERT_TRUE(AppendEvents(*ledger, 101, {{1, "a"}}).ok());
  // A limit on the size of files is a disk that is full.
  const pid_t writer = fork();
  if (writer == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlim_t bytes = 256 << 10;
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto own = Ledger::Open(path_, Ledger::Mode::kWrite);
    if (!own.ok()) _exit(1);
    for (std::uint64_t i = 2; i < 200; ++i) {
      const auto status = AppendEvents(**own, 101, {{i, std::string(20'000, 'x')}});
      if (!status.ok()) _exit(status.error().message.empty() ? 3 : 42);
    }
    _exit(2);
  }
  int status = 0;
  waitpid(writer, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 42);
  EXPECT_TRUE(AppendEvents(*ledger, 101, {{1000, "later"}}).ok());
  EXPECT_EQ(ledger->Events(101)->front().json, "a");
}

}  // namespace
}  // namespace lockstep::ledger
