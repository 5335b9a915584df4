// Requests that nobody meant: every route with bodies and names that are cut, repeated, of other
// types. There is always an answer, it is JSON, and errors have the form that clients know.
#include <sstream>

#include "core/base/prng.h"
#include "native/http/message.h"
#include "native/service/routes.h"
#include "service_fixture.h"

namespace lockstep::service {
namespace {

constexpr std::string_view kBodies[] = {
    R"({"title": "t", "content": "U0VMRUNUIDE7", "engine": "SQLITE"})",
    R"({"steps": [{"title": "s", "specs": [{"id": "a", "earliestAllowedTime": null,
       "dependsOnSpecs": ["a"], "changeDatabaseConfig": {"target": "instances/a/databases/hr",
       "sheet": "projects/p/sheets/101", "type": "MIGRATE", "ghostFlags": {"k": "v"}}}]}]})",
    R"({"specs": [{"id": "a", "changeDatabaseConfig": {"targets": ["instances/a/databases/hr"],
       "sheet": "projects/p/sheets/101"}}]})",
    R"({"plan": "projects/p/plans/101", "title": "t"})",
    R"({"title": "t", "type": 1, "plan": "projects/p/plans/101", "labels": ["x"]})",
    R"({"tasks": ["projects/p/rollouts/101/stages/1/tasks/1"], "reason": "r",
       "taskRuns": ["projects/p/rollouts/101/stages/1/tasks/1/taskRuns/1"]})",
    R"({"issues": ["projects/p/issues/101"], "status": "DONE", "comment": "c", "filter": "x"})",
    R"({"release": {"title": "r", "files": [{"path": "1.sql", "version": "1", "type": "VERSIONED",
       "changeType": "DDL", "statement": "U0VMRUNUIDE7"}]},
       "targets": ["instances/a/databases/hr"], "allowOutOfOrder": true})",
    R"({"requests": [{"sheet": {"title": "t", "content": "U0VMRUNUIDE7"}}]})",
    R"({"title": "t", "order": 0, "tier": "PROTECTED", "engine": "SQLITE", "labels": {"a": "b"},
       "environment": "environments/test", "activation": true, "options": {"maximumConnections": 3},
       "dataSources": [{"id": "1", "host": "h"}, {"type": "READ_ONLY", "password": {"env": "P"}}],
       "databaseExpr": {"expression": "true"}, "rolloutPolicy": {"automatic": true},
       "dataSource": {"id": "2", "type": "READ_ONLY", "host": "h"}})",
    R"({"requests": [{"database": {"name": "instances/a/databases/hr", "labels": {"x": "y"}}},
       {"database": {"name": "instances/b/databases/hr", "environment": ""}}]})",
};
constexpr std::string_view kNames[] = {
    "p",    "-",    "101", "1",  "0",  "-1", "99999999999999999999",
    "a",    "hr",   "%",   "\n", "",   "..", "projects",
    "\xff", "test", "\"",  "+7", "007"};
constexpr std::string_view kPieces[] = {
    "null", "[]",   "{}",      "1e400", "\"\"",
    "-1",   "true", "\\u0000", "[[[[",  "\"projects/p/plans/101\"",
    ",",    ":"};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : prng_(seed) {}
  std::size_t Below(std::size_t n) { return static_cast<std::size_t>(prng_.Next() % n); }
  template <class List>
  std::string_view Of(const List& list) {
    return list[Below(std::size(list))];
  }

 private:
  base::Prng prng_;
};

std::string Mutated(Chance& chance) {
  std::string body(chance.Of(kBodies));
  for (std::size_t changes = chance.Below(4); changes > 0; --changes) {
    const std::size_t at = chance.Below(body.size() + 1);
    switch (chance.Below(4)) {
      case 0:
        body.resize(at);
        break;
      case 1:
        body.insert(at, chance.Of(kPieces));
        break;
      case 2:
        body.erase(at, 1 + chance.Below(12));
        break;
      default:
        body += body.substr(at);
    }
  }
  return body;
}

template <class List>
std::string PathOf(std::string_view pattern, const List& names, Chance& chance) {
  std::string path;
  for (const char c : pattern) {
    if (c == '*')
      path += http::PercentEncoded(chance.Of(names));
    else
      path += c;
  }
  return path;
}

TEST_F(ServiceTest, EveryRequestHasAnAnswer) {
  Chance chance(7);
  const std::span<const Route> routes = Routes();
  std::size_t done = 0;
  for (int i = 0; i < 6000; ++i) {
    const Route& route = routes[chance.Below(routes.size())];
    Call call;
    call.user = "users/me";
    if (chance.Below(10) > 0) call.body = Mutated(chance);
    for (const char* name : {"pageSize", "pageToken", "updateMask", "filter", "target", "raw"}) {
      if (chance.Below(6) == 0) call.query.emplace_back(name, chance.Of(kPieces));
    }
    const std::string path = PathOf(route.pattern, kNames, chance);
    const Reply reply(service_->Handle(route.verb, path, std::move(call)));
    if (reply.status == 200) {
      ++done;
      EXPECT_EQ(reply.Text("message"), "-") << path << ": " << reply.json;
    } else {
      EXPECT_NE(reply.Text("message"), "") << path;
      EXPECT_NE(reply.Text("code"), "-") << path;
      EXPECT_EQ(reply.Text("details"), "0") << path;
      EXPECT_NE(reply.status, 500) << path << ": " << reply.json;
    }
  }
  EXPECT_GT(done, 100u) << "some are what they should be";
}

TEST_F(ServiceTest, WhateverIsAskedTheInventoryStaysOne) {
  constexpr std::string_view kComment = "// written by hand";
  std::string written(kInventory);
  written.insert(written.find("\"instances\""), std::string(kComment) + ", \"]}\n");
  Write("inventory.json", written);
  constexpr std::string_view kMasks[] = {"title",
                                         "order,tier",
                                         "labels,environment",
                                         "dataSources,maximumConnections",
                                         "rolloutPolicy",
                                         "database_expr",
                                         "host",
                                         "nothing"};
  constexpr std::string_view kPlaces[] = {"a", "b",      "hr",  "shop", "test", "prod",
                                          "p", "all-hr", "new", "\"",   "%",    "-"};
  Chance chance(11);
  std::vector<const Route*> routes;
  for (const Route& route : Routes()) {
    const std::string_view service = route.service;
    const bool is_of_file = service == "EnvironmentService" || service == "InstanceService" ||
                            service == "DatabaseService" || service == "DatabaseGroupService" ||
                            service == "OrgPolicyService";
    if (is_of_file && route.verb != "GET") routes.push_back(&route);
  }
  std::size_t done = 0;
  for (int i = 0; i < 3000; ++i) {
    const Route& route = *routes[chance.Below(routes.size())];
    Call call;
    const std::size_t last = std::size(kBodies) - 1;
    call.body = chance.Below(4) == 0 ? Mutated(chance) : kBodies[last - chance.Below(2)];
    call.query.emplace_back("updateMask", chance.Of(kMasks));
    for (const char* id : {"environmentId", "instanceId", "databaseGroupId"})
      call.query.emplace_back(id, chance.Of(kPlaces));
    for (const char* flag : {"allowMissing", "force"}) {
      if (chance.Below(3) == 0) call.query.emplace_back(flag, "true");
    }
    const std::string path = PathOf(route.pattern, kPlaces, chance);
    const Reply reply(service_->Handle(route.verb, path, std::move(call)));
    EXPECT_NE(reply.status, 500) << path << ": " << reply.json;
    if (reply.status != 200) continue;
    ++done;
    ASSERT_EQ(Ask("GET", "/v1/instances").status, 200) << route.verb << " " << path;
  }
  EXPECT_GT(done, 100u) << "some are what they should be";
  std::ostringstream text;
  text << std::ifstream(settings_.inventory).rdbuf();
  EXPECT_NE(text.str().find(kComment), std::string::npos) << text.str();
}

}  // namespace
}  // namespace lockstep::service
