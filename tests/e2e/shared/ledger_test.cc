// A ledger on a server: the contract of ledger.h, and what is refused.
#include <unistd.h>

#include "native/ledger/lease.h"
#include "native/ledger/work_queue.h"
#include "tests/e2e/shared/team.h"
#include "tests/unit/native/objects_trial.h"

namespace lockstep::e2e {
namespace {

using ledger::EventRow;
using ledger::Lease;
using ledger::WorkItem;
using ledger::WorkQueue;

constexpr base::Instant kNow{1'795'000'000'000};

class SharedLedger : public Team {
 protected:
  void SetUp() override {
    Team::SetUp();
    if (!IsSkipped()) server_->MakeDatabase("ledger");
  }
  std::unique_ptr<ledger::Ledger> Open(ledger::Ledger::Mode mode = ledger::Ledger::Mode::kWrite) {
    auto opened = ledger::Ledger::Open(url_, mode);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(*opened);
  }
  static ledger::NewRollout Example(const std::string& digest = "d1") {
    return {.project = "sample",
            .digest = digest,
            .title = "Straße \"7\"",
            .created = kNow,
            .options = {{"parallel", "4"}},
            .documents = {{ledger::Document::Role::kPlan, "plan.json", "plan.json", "{}"},
                          {ledger::Document::Role::kSheet, "projects/sample/sheets/1", "1.sql",
                           std::string("a\0\\b\xff", 5)}}};
  }
  std::string Refused(const std::string& url) {
    const auto opened = ledger::Ledger::Open(url, ledger::Ledger::Mode::kWrite);
    return opened.ok() ? "opened" : opened.error().message;
  }
};

TEST_F(SharedLedger, GivesBackWhatWasPutIn) {
  const auto writer = Open();
  const auto created = writer->Create(Example());
  ASSERT_TRUE(created.ok()) << created.error().message;
  EXPECT_EQ(created->name, "projects/sample/rollouts/101");
  EXPECT_EQ(writer->Create(Example())->id, 101) << "the same again is the same";
  EXPECT_EQ(writer->Create(Example("d2"))->id, 102);
  const auto reader = Open(ledger::Ledger::Mode::kRead);
  EXPECT_EQ(reader->Find("101")->title, "Straße \"7\"");
  EXPECT_EQ(reader->Find("")->id, 102);
  EXPECT_EQ((*reader->Documents(101))[1].bytes, std::string("a\0\\b\xff", 5));
  EXPECT_EQ(reader->List()->size(), 2u);
  EXPECT_EQ(reader->Find("9").error().code, base::ErrorCode::kNotFound);
  EXPECT_FALSE(reader->Create(Example("d3")).ok()) << "it only reads";

  auto lease = Lease::Acquire(*writer, 101, kNow);
  ASSERT_TRUE(lease.ok()) << lease.error().message;
  std::vector<EventRow> events;
  for (std::uint64_t i = 1; i <= 1000; ++i)
    events.push_back({i, "{\"n\":" + std::to_string(i) + "}"});
  const ledger::Output outputs[] = {
      {"t/1/taskRuns/1", ledger::Output::Stream::kOut, std::string("\0\xff", 2), "tail", 7}};
  ASSERT_TRUE(
      writer->Append(101, {.events = events, .status = "RUNNING", .outputs = outputs}).ok());
  EXPECT_EQ(reader->Events(101)->size(), 1000u);
  EXPECT_EQ(reader->Events(101, 999)->front().json, "{\"n\":1000}");
  EXPECT_EQ(reader->Find("101")->status, "RUNNING");
  EXPECT_EQ((*reader->Outputs(101, ""))[0].head, std::string("\0\xff", 2));
  EXPECT_EQ(writer->Append(101, {.events = {events.data(), 1}}).error().code,
            base::ErrorCode::kUnavailable)
      << "an event is written once";
  EXPECT_EQ(reader->Events(101)->size(), 1000u);
  EXPECT_TRUE(writer->Append(101, {.status = "DONE"}).ok()) << "and an error is no end";
}

TEST_F(SharedLedger, KeepsObjectsAsAFileDoes) {
  const auto writer = Open();
  const auto other = Open();
  tests::TryObjects(*writer, *other);
}

TEST_F(SharedLedger, CommandsReachTheOther) {
  const auto runner = Open(), terminal = Open();
  ASSERT_TRUE(runner->Create(Example()).ok());
  const auto lease = Lease::Acquire(*runner, 101, kNow);
  while (runner->ChangedByOthers()) {
  }
  const auto id = terminal->AddCommand(101, {.kind = ledger::Command::Kind::kSkip,
                                             .tasks = {"a", "b"},
                                             .reason = "it's done",
                                             .created = kNow});
  ASSERT_TRUE(id.ok()) << id.error().message;
  EXPECT_TRUE(tests::Eventually([&] { return runner->ChangedByOthers(); }));
  ASSERT_EQ(runner->PendingCommands(101)->size(), 1u);
  EXPECT_EQ(runner->PendingCommands(101)->front().tasks, (Words{"a", "b"}));
  EXPECT_FALSE(*terminal->IsHandled(*id));
  const std::int64_t handled[] = {*id};
  ASSERT_TRUE(runner->Append(101, {.handled_commands = handled, .now = kNow}).ok());
  EXPECT_TRUE(*terminal->IsHandled(*id));
  EXPECT_TRUE(runner->PendingCommands(101)->empty());
}

TEST_F(SharedLedger, ALeaseThatWasTakenOverWritesNothing) {
  const auto first = Open(), second = Open();
  ASSERT_TRUE(first->Create(Example()).ok());
  EXPECT_FALSE(Lease::HolderOf(*second, 101)->has_value());
  auto lease = Lease::Acquire(*first, 101, kNow);
  ASSERT_TRUE(lease.ok());
  EXPECT_EQ((*Lease::HolderOf(*second, 101))->pid, getpid());
  EXPECT_EQ(Lease::Acquire(*second, 101, kNow).error().code, base::ErrorCode::kUnavailable);
  // As if it had been away for too long.
  Ledger("UPDATE lockstep_ledger.runners SET expires = now() - interval '1 s'");
  EXPECT_FALSE(Lease::HolderOf(*second, 101)->has_value());
  const EventRow event[] = {{1, "{}"}};
  EXPECT_TRUE(first->Append(101, {.events = event}).ok()) << "nobody has taken it";
  // (The second one was away as well; a third comes.)
  const auto third = Open();
  auto taken = Lease::Acquire(*third, 101, kNow);
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  const EventRow next[] = {{2, "{}"}};
  const auto late = first->Append(101, {.events = next});
  ASSERT_FALSE(late.ok());
  EXPECT_NE(late.error().message.find("has taken over"), std::string::npos);
  EXPECT_EQ(third->Events(101)->size(), 1u);
  lease->reset();
  EXPECT_TRUE(third->Append(101, {.events = next}).ok()) << "a lease given back late is not ours";
  EXPECT_TRUE(Lease::HolderOf(*second, 101)->has_value());
}

TEST_F(SharedLedger, WorkIsClaimedOnceReportedOnceAndLostWithItsRunner) {
  const auto leader = Open(), helper = Open();
  ASSERT_TRUE(leader->Create(Example()).ok());
  const auto lease = Lease::Acquire(*leader, 101, kNow);
  auto queue = WorkQueue::Join(*leader, 101, "d1", kNow);
  auto others = WorkQueue::Join(*helper, 101, "d1", kNow);
  ASSERT_TRUE(queue.ok() && others.ok());
  const WorkItem offered[] = {{1, 1}, {2, 1}, {3, 1}}, taken[] = {{0, 1}};
  ASSERT_TRUE(leader->Append(101, {.offered = offered, .taken = taken}).ok());
  EXPECT_EQ(*WorkQueue::Join(*helper, 101, "d0", kNow)->Claim(2), std::vector<WorkItem>())
      << "who knows another revision of it would do something else";
  EXPECT_EQ(*others->Claim(2), (std::vector<WorkItem>{{1, 1}, {2, 1}}));
  EXPECT_EQ(*queue->Claim(9), (std::vector<WorkItem>{{3, 1}}));
  EXPECT_TRUE(others->Claim(9)->empty());
  EXPECT_EQ(queue->Items()->size(), 4u);
  EXPECT_EQ(*queue->OtherRunners(), 1u);

  EXPECT_FALSE(*queue->Report({1, 1}, "not ours", {}));
  EXPECT_TRUE(*others->Report({1, 1}, "result", {}));
  EXPECT_FALSE(*others->Report({1, 1}, "again", {}));
  ASSERT_EQ(queue->Reports()->size(), 1u);
  EXPECT_EQ(queue->Reports()->front().result, "result");
  EXPECT_FALSE(*queue->Stop({2, 1}));
  ASSERT_EQ(others->Claims()->size(), 1u);
  EXPECT_TRUE(others->Claims()->front().stop);

  // The helper is cut off: what it had is lost, and its report comes too late.
  EXPECT_TRUE(queue->LostItems()->empty());
  Ledger("UPDATE lockstep_ledger.runners SET expires = now() - interval '1 s' WHERE id = 2");
  const auto lost = queue->LostItems();
  ASSERT_EQ(lost->size(), 1u);
  EXPECT_EQ(lost->front().item, (WorkItem{2, 1}));
  EXPECT_EQ(*queue->OtherRunners(), 0u);
  const WorkItem finished[] = {{1, 1}, {2, 1}}, more[] = {{2, 2}};
  ASSERT_TRUE(leader->Append(101, {.offered = more, .finished = finished}).ok());
  EXPECT_FALSE(*others->Report({2, 1}, "too late", {}));
  EXPECT_TRUE(others->Claim(9)->empty()) << "the dead claim nothing";
  EXPECT_EQ(others->Heartbeat().error().code, base::ErrorCode::kUnavailable);
  EXPECT_TRUE(queue->Heartbeat().ok());
  EXPECT_TRUE(*queue->Stop({2, 2})) << "nobody had it";
  EXPECT_EQ(queue->Items()->size(), 2u);
}

TEST_F(SharedLedger, RefusalsSayWhatToDo) {
  const std::string host = "?host=" + server_->host();
  EXPECT_NE(Refused("postgresql://app:secret@/ledger" + host).find("put it into ~/.pgpass"),
            std::string::npos);
  EXPECT_EQ(Refused("postgresql://app:secret@/ledger" + host).find("secret"), std::string::npos);
  EXPECT_NE(Refused("postgresql://app@[/ledger").find("--ledger is no address: "),
            std::string::npos);
  EXPECT_NE(Refused("postgresql://app@/nowhere" + host).find("does not exist"), std::string::npos);
  EXPECT_NE(Refused("postgresql://app@/ledger?host=/nowhere").find("is out of reach: "),
            std::string::npos);
  Ledger("CREATE SCHEMA lockstep_ledger AUTHORIZATION app CREATE TABLE mine(a INT)");
  EXPECT_NE(Refused(url_).find("is of something else"), std::string::npos) << Refused(url_);
  Ledger(
      "DROP SCHEMA lockstep_ledger CASCADE; REVOKE CREATE ON DATABASE ledger FROM public; ALTER "
      "DATABASE ledger OWNER TO postgres");
  EXPECT_NE(Refused(url_).find("its user needs CREATE in the database"), std::string::npos)
      << Refused(url_);
  server_->Sql("postgres",
               "DROP DATABASE ledger; CREATE DATABASE ledger OWNER app ENCODING "
               "'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
  EXPECT_NE(Refused(url_).find("choose a database whose encoding is UTF8"), std::string::npos)
      << Refused(url_);
  server_->MakeDatabase("ledger");
  EXPECT_NE(Lockstep({"status"}).err.find("has no rollouts yet"), std::string::npos);
  Open();
  Ledger("UPDATE lockstep_ledger.version SET steps = 99");
  EXPECT_NE(Refused(url_).find("use the newer Lockstep"), std::string::npos) << Refused(url_);
  const Ended doctor =
      e2e::Lockstep(folder_, {"doctor", "--ledger", "postgresql://app@/x?host=/no"});
  EXPECT_NE(doctor.out.find("is out of reach"), std::string::npos) << doctor.out << doctor.err;
  const Ended jobs = e2e::Lockstep(folder_, {"run", "plan.json", "--jobs", "3"});
  EXPECT_EQ(jobs.code, 2);
  EXPECT_NE(jobs.err.find("--parallel limits a rollout"), std::string::npos) << jobs.err;
}

}  // namespace
}  // namespace lockstep::e2e
