// DATABASE_CREATE on servers.
#include <gtest/gtest.h>

#include "tests/e2e/servers/world.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class CreateTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    server_ = GetParam() == std::string("postgres") ? Postgres() : Mariadb();
    if (server_ == nullptr) GTEST_SKIP() << "no server";
    postgres_ = server_->engine() == "POSTGRES";
    server_->MakeDatabase("made it");
    Drop();
    WriteInventory(folder_, {InstanceJson(folder_, *server_, "server", {})});
    WritePlan(folder_, {"{\"id\": \"make\", \"createDatabaseConfig\": {\"target\": "
                        "\"instances/server\", \"database\": \"made it\", \"environment\": "
                        "\"environments/test\", \"owner\": \"app\", " +
                        std::string(postgres_ ? "\"characterSet\": \"UTF8\", \"collation\": "
                                                "\"C.UTF-8\"}}"
                                              : "\"characterSet\": \"utf8mb4\", \"collation\": "
                                                "\"utf8mb4_bin\"}}")});
  }
  void TearDown() override {
    if (server_ != nullptr && postgres_) server_->Sql("postgres", "ALTER ROLE app NOCREATEDB");
  }
  void Drop() {
    if (postgres_) {
      server_->Sql("postgres", "DROP DATABASE \"made it\" WITH (FORCE); ALTER ROLE app CREATEDB");
    } else {
      server_->Sql("mysql", "DROP DATABASE `made it`");
    }
  }
  std::string Sql(const std::string& sql) { return server_->Sql("made it", sql); }

  Folder folder_;
  tests::Server* server_ = nullptr;
  bool postgres_ = false;
};

TEST_P(CreateTest, MakesItOnce) {
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(Sql(postgres_ ? "SELECT datcollate FROM pg_database WHERE datname = 'made it'"
                          : "SELECT default_collation_name FROM information_schema.schemata WHERE "
                            "schema_name = 'made it'"),
            postgres_ ? "C.UTF-8" : "utf8mb4_bin");
  const Ended again = Lockstep(folder_, {"run", "plan.json", "--ledger", "other.db"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_TRUE(Has(again.out, "already applied")) << again.out;
}

// As after a kill between CREATE DATABASE and its marker.
TEST_P(CreateTest, OneThatIsThereAndAlikeIsTaken) {
  server_->Sql(postgres_ ? "postgres" : "mysql",
               postgres_ ? "CREATE DATABASE \"made it\" OWNER app ENCODING UTF8 LC_COLLATE "
                           "'C.UTF-8' TEMPLATE template0"
                         : "CREATE DATABASE `made it` COLLATE utf8mb4_bin");
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
}

TEST_P(CreateTest, OneThatIsThereAndFullOrOtherIsRefused) {
  server_->MakeDatabase("made it");
  Sql("CREATE TABLE somebodys(a INT)");
  const Ended full = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(full.code, 1) << full.out << full.err;
  EXPECT_TRUE(Has(full.out, "DATABASE_EXISTS")) << full.out;
  EXPECT_EQ(Lockstep(folder_, {"retry", "--failed"}).code, 1) << "no second try takes it over";
  Drop();
  server_->Sql(postgres_ ? "postgres" : "mysql",
               postgres_ ? "CREATE DATABASE \"made it\" OWNER app LC_COLLATE 'POSIX' LC_CTYPE "
                           "'POSIX' TEMPLATE template0"
                         : "CREATE DATABASE `made it` COLLATE utf8mb4_general_ci");
  const Ended other = Lockstep(folder_, {"run", "plan.json", "--ledger", "other.db"});
  EXPECT_EQ(other.code, 1) << other.out << other.err;
  EXPECT_TRUE(Has(other.out, "DATABASE_EXISTS")) << other.out;
}

TEST_P(CreateTest, WithoutTheRightNothingIsStarted) {
  if (!postgres_) GTEST_SKIP() << "MariaDB does not tell before";
  server_->Sql("postgres", "ALTER ROLE app NOCREATEDB");
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 5) << run.out << run.err;
  EXPECT_TRUE(Has(run.err, "CREATEDB")) << run.err;
}

INSTANTIATE_TEST_SUITE_P(Servers, CreateTest, testing::Values("postgres", "mariadb"),
                         [](const auto& server) { return std::string(server.param); });

}  // namespace
}  // namespace lockstep::e2e
