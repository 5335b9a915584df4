#include "tests/e2e/shared/team.h"

#include <cstdlib>

namespace lockstep::e2e {

void Team::SetUp() {
  server_ = Postgres();
  if (server_ == nullptr) GTEST_SKIP() << "no server";
  setenv("PGPASSWORD", tests::Server::kPassword, 1);
  url_ = "postgresql://app@/ledger?host=" + server_->host();
}

void Team::WriteRollout(int databases, const Words& sheets) {
  databases_ = databases;
  server_->MakeDatabase("ledger");
  Words names, specs;
  for (int i = 0; i < databases; ++i) {
    names.push_back("team" + std::to_string(i));
    server_->MakeDatabase(names.back());
    server_->Sql(names.back(), "CREATE TABLE log(sheet TEXT); ALTER TABLE log OWNER TO app");
  }
  for (std::size_t s = 0; s < sheets.size(); ++s) {
    const std::string number = std::to_string(s + 1);
    folder_.Write("sheets/" + number + ".sql", sheets[s]);
    for (int i = 0; i < databases; ++i) {
      const auto id = [i](std::size_t sheet) {
        return "d" + std::to_string(i) + "s" + std::to_string(sheet);
      };
      specs.push_back(SpecJson(id(s + 1), "server/databases/" + names[static_cast<std::size_t>(i)],
                               number, s > 0 ? Words{id(s)} : Words{}));
    }
  }
  WriteInventory(folder_, {InstanceJson(folder_, *server_, "server", names)});
  WritePlan(folder_, specs);
}

std::unique_ptr<Victim> Team::Start(const Words& words, const Words& through) {
  Words all = words;
  all.insert(all.end(), {"--ledger", url_, "--events", "events." + std::to_string(++started_)});
  return std::make_unique<Victim>(folder_, all, through);
}

Ended Team::Lockstep(Words words) {
  words.insert(words.end(), {"--ledger", url_});
  return e2e::Lockstep(folder_, std::move(words), "", {{"PGPASSWORD", tests::Server::kPassword}});
}

std::string Team::Leader() {
  if (Ledger("SELECT to_regclass('lockstep_ledger.leases') IS NULL") != "f") return "";
  return Ledger(
      "SELECT host || ':' || pid FROM lockstep_ledger.leases JOIN lockstep_ledger.live_runners ON "
      "live_runners.id = leases.runner");
}

void Team::ExpectExactlyOnce(const std::string& sheets) {
  for (int i = 0; i < databases_; ++i) {
    const std::string database = "team" + std::to_string(i);
    EXPECT_EQ(server_->Sql(database, "SELECT string_agg(sheet, ',' ORDER BY sheet) FROM log"),
              sheets)
        << database << "\n"
        << Output();
  }
}

}  // namespace lockstep::e2e
