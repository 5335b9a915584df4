// The messages of core/service/described.h are those that the methods read and answer. (That each
// answer is as described is looked at by the fixture, in all tests of the services.)
#include "core/inventory/fields.h"
#include "core/plan/fields.h"
#include "native/runner.h"
#include "native/service/plan_checker.h"
#include "tests/unit/native/service_fixture.h"

namespace lockstep::service {
namespace {

using described::Field;
using described::Type;

class DescribedTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    settings_.execution.inventory_folder = folder_;
    Open();
    for (const described::Message& message : described::Messages())
      messages_.emplace(message.name, message);
    const auto make = [&](const std::string& what, const std::string& body) {
      const Reply made = Ask("POST", "/v1/projects/p/" + what, body);
      ASSERT_EQ(made.status, 200) << made.json;
    };
    make("sheets", R"({"title": "t", "content": "U0VMRUNUIDE7", "engine": "SQLITE"})");
    make("plans", R"({"steps": [{"title": "s", "specs": [{"id": "a", "changeDatabaseConfig": {
         "target": "instances/a/databases/hr", "sheet": "projects/p/sheets/101",
         "type": "MIGRATE"}}]}]})");
    make("issues", R"({"title": "i", "type": "DATABASE_CHANGE", "plan": "projects/p/plans/101"})");
    make("releases", R"({"files": [{"type": "VERSIONED", "version": "1", "path": "1.sql",
         "statement": "U0VMRUNUIDE7"}], "vcsSource": {"vcs_type": "GITHUB", "url": "u"}})");
  }

  std::map<std::string_view, described::Message> messages_;
};

/// "/v1/projects/p/plans/101" of "/v1/projects/*/plans/*".
std::string PathOfRoute(std::string_view pattern) {
  static const std::map<std::string_view, std::string_view> kIds = {
      {"projects", "p"},   {"environments", "test"}, {"policies", "rollout_policy"},
      {"instances", "a"},  {"databases", "hr"},      {"databaseGroups", "all-hr"},
      {"stages", "1"},     {"tasks", "1"},           {"taskRuns", "1"},
      {"workspaces", "-"},
  };
  std::string path, collection, part;
  for (const char c : std::string(pattern.substr(1)) + "/") {
    if (c != '/') {
      part += c;
      continue;
    }
    const auto id = kIds.find(collection);
    collection = part;
    if (part[0] == '*') part = std::string(id == kIds.end() ? "101" : id->second) + part.substr(1);
    path += "/" + std::exchange(part, "");
  }
  return path;
}

/// What no method takes for such a field: what it holds matters, or what it holds in a list.
std::string WrongFor(const Field& field) {
  const bool is_many = (field.traits & (described::kList | described::kMap)) != 0;
  if (field.type == Type::kAny) return "7";
  return is_many || field.type == Type::kMessage ? "\"x\"" : "[]";
}

// ---- requests ----

class DescribedRequestsTest : public DescribedTest {
 protected:
  /// That each field which the message may have is read: with a value of another type in its place
  /// the request is refused, and told of the field. `before` and `after` stand around the message.
  void ExpectRead(const Route& route, std::string_view message, const std::string& before,
                  const std::string& after) {
    // Of several databases each has to be named.
    const std::string known =
        message == "Database" ? "\"name\": \"instances/a/databases/hr\", " : "";
    for (const Field& field : messages_.at(message).fields) {
      if ((field.traits & described::kAnswered) != 0) continue;
      const std::string full = std::string(message) + "." + std::string(field.name);
      const std::string open = before + "{" + known + "\"" + std::string(field.name) + "\": ";
      if (!kReadPast.count(full)) ExpectRefused(route, field, open + WrongFor(field) + "}" + after);
      if (field.type != Type::kMessage) continue;
      const bool is_list = (field.traits & described::kList) != 0;
      ExpectRead(route, field.of, open + (is_list ? "[" : ""),
                 std::string(is_list ? "]" : "") + "}" + after);
    }
  }
  void ExpectRefused(const Route& route, const Field& field, const std::string& body) {
    static const std::map<std::string_view, std::string> kMasks = {
        {"UpdatePlan", "steps"}, {"UpdateDatabase", "labels"}, {"UpdatePolicy", "rolloutPolicy"}};
    const auto mask = kMasks.find(route.name);
    const Reply reply =
        Ask(route.verb,
            PathOfRoute(route.pattern) +
                "?environmentId=new&instanceId=new&databaseGroupId=new&updateMask=" +
                (mask == kMasks.end() ? "title" : mask->second),
            body);
    EXPECT_EQ(reply.status, 400) << route.name << ": " << body << ": " << reply.json;
    const std::string name(field.name);
    const std::string told = field.type == Type::kAny ? name : "\"" + name + "\"";
    EXPECT_NE(reply.Text("message").find(told), std::string::npos)
        << route.name << ": " << body << ": " << reply.json;
  }

  // Kept as it was sent, or only a name of what the path names.
  const std::set<std::string> kReadPast = {"Release.VCSSource.vcsType", "Release.VCSSource.url",
                                           "Database.name"};
};

TEST_F(DescribedRequestsTest, EachFieldIsRead) {
  for (const Route& route : Routes()) {
    if (!route.request.empty() && route.request != "Empty")
      ExpectRead(route, route.request, "", "");
  }
}

TEST_F(DescribedRequestsTest, EachFieldThatIsObeyedIsDescribed) {
  const std::map<std::string_view, std::string_view> names = {
      {"the plan", "Plan"},
      {"a step", "Plan.Step"},
      {"a spec", "Plan.Spec"},
      {"vcsSource", "Plan.VCSSource"},
      {"releaseSource", "Plan.ReleaseSource"},
      {"deployment", "Plan.Deployment"},
      {"specReleaseSource", "Plan.SpecReleaseSource"},
      {"changeDatabaseConfig", "Plan.ChangeDatabaseConfig"},
      {"preUpdateBackupDetail", "Plan.ChangeDatabaseConfig.PreUpdateBackupDetail"},
      {"createDatabaseConfig", "Plan.CreateDatabaseConfig"},
      {"exportDataConfig", "Plan.ExportDataConfig"},
      {"a data source", "DataSource"},
      {"a rollout policy", "RolloutPolicy"},
      {"checkers", "RolloutPolicy.Checkers"}};
  std::vector<json::MessageFields> tables = plan::FieldTables();
  for (const json::MessageFields& table : inventory::FieldTables()) tables.push_back(table);
  std::size_t compared = 0;
  for (const json::MessageFields& table : tables) {
    const auto name = names.find(table.title);
    if (name == names.end()) continue;  // of an inventory's file only
    ++compared;
    for (const json::FieldName& read : table.fields) {
      const bool was_removed = read.json_name.starts_with("rollback");  // and is refused
      const auto& fields = messages_.at(name->second).fields;
      const bool is_described = std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
        return field.name == read.json_name;
      });
      EXPECT_TRUE(is_described || was_removed || !read.has_effect)
          << name->second << "." << read.json_name;
    }
  }
  EXPECT_EQ(compared, names.size());
}

// ---- answers ----

class DescribedAnswersTest : public DescribedTest {
 protected:
  /// All that this is made of.
  void Reach(std::string_view name, std::set<std::string_view>& reached) {
    if (!reached.insert(name).second) return;
    for (const Field& field : messages_.at(name).fields) {
      if (field.type == Type::kMessage) Reach(field.of, reached);
    }
  }
  void Preview(const std::string& config) {
    Ask("POST", "/v1/projects/p:previewRollout",
        R"({"plan": {"steps": [{"specs": [{"id": "a", )" + config + "}]}]}}");
  }
  void RunPlan() {
    Ask("PATCH", "/v1/environments/test/policies/rollout_policy?updateMask=rolloutPolicy", R"({
        "type": "ROLLOUT_POLICY", "rolloutPolicy": {"automatic": true, "checkers":
        {"requiredIssueApproval": true}}})");
    Ask("POST", "/v1/projects/p/plans", R"({"vcsSource": {"vcsType": "GITHUB"}, "steps": [
        {"specs": [{"id": "1", "changeDatabaseConfig": {"target": "instances/a/databases/hr",
          "sheet": "projects/p/sheets/101", "type": "MIGRATE", "schemaVersion": "2"}},
        {"id": "2", "dependsOnSpecs": ["1"], "changeDatabaseConfig": {"type": "MIGRATE",
          "target": "instances/a/databases/shop", "sheet": "projects/p/sheets/101"}}]}]})");
    Ask("POST", "/v1/projects/p/issues",
        R"({"title": "i", "type": "DATABASE_CHANGE", "plan": "projects/p/plans/102"})");
    Ask("POST", "/v1/projects/p/rollouts", R"({"plan": "projects/p/plans/102"})");
    Ask("POST", "/v1/projects/p/issues/102:approve");
    Ask("GET", kRuns);  // the second one waits for the first
    native::RunListener silent;
    const auto outcome = native::Resume("projects/p/rollouts/101", settings_.execution, silent);
    ASSERT_EQ(outcome.exit_code, native::kExitDone) << outcome.message;
    Ask("GET", "/v1/projects/p/rollouts/101/stages/1/tasks/1/taskRuns/1/log");
  }

  const std::string kRuns = "/v1/projects/p/rollouts/101/stages/-/tasks/-/taskRuns";
};

/// So that a message of which no answer was ever looked at is none that is only believed.
TEST_F(DescribedAnswersTest, OfEachMessageOneIsLookedAt) {
  RunPlan();
  const std::string hr = R"("target": "instances/a/databases/hr")";
  const std::string sheet = R"(, "sheet": "projects/p/sheets/101")";
  Preview(R"("changeDatabaseConfig": {"type": "BASELINE", "schemaVersion": "1", )" + hr + "}");
  Preview(R"("changeDatabaseConfig": {"type": "DATA", )" + hr + sheet + "}");
  Preview(R"("exportDataConfig": {"format": "CSV", )" + hr + sheet + "}");
  Preview(R"("createDatabaseConfig": {"target": "instances/a", "database": "new",
             "environment": "environments/test"})");
  Ask("POST", "/v1/projects/p/plans", R"({"specs": [{"id": "a", "changeDatabaseConfig": {
      "targets": ["instances/a/databases/hr"], "sheet": "projects/p/sheets/101"}}]})");
  for (const char* config :
       {R"("createDatabaseConfig": {"target": "instances/a", "database": "new"})",
        R"("exportDataConfig": {"target": "instances/a/databases/hr", "format": "CSV",
            "sheet": "projects/p/sheets/101"})"}) {
    Ask("POST", "/v1/projects/p/plans",
        std::string(R"({"steps": [{"specs": [{"id": "a", )") + config + "}]}]}");
  }
  const std::string release = R"("release": "projects/p/releases/101")";
  Ask("POST", "/v1/projects/p:previewPlan",
      "{" + release + R"(, "targets": ["instances/a/databases/hr"]})");
  const std::string bad = R"(")" + EncodeBase64(".shell ls\n") + R"("})";
  Ask("POST", "/v1/projects/p/releases:check",
      R"({"targets": ["instances/a/databases/hr"], "release": {"files": [{"type": "VERSIONED",
          "version": "1", "statement": )" +
          bad + "]}}");
  for (const std::string& content : {std::string(R"("U0VMRUNUIDE7"})"), bad}) {
    Ask("PATCH", "/v1/projects/p/sheets/101?updateMask=content", R"({"content": )" + content);
    Ask("POST", "/v1/projects/p/plans/101:runPlanChecks");
    service_->checker().Wait();
    Ask("GET", "/v1/projects/p/plans/101/planCheckRuns");
  }
  Ask("POST", "/v1/projects/p/sheets:batchCreate", R"({"requests": [{"sheet": {}}]})");
  Ask("POST", "/v1/projects/p/issues/101:comment", R"({"comment": "c"})");
  Ask("POST", "/v1/instances/a/databases:batchUpdate", R"({"requests": [
      {"database": {"name": "instances/a/databases/hr", "labels": {"x": "y"}}}]})");
  Ask("GET", "/v1/projects/p/databaseGroups/all-hr?view=DATABASE_GROUP_VIEW_FULL");
  Ask("GET", "/v1/nothing");
  for (const Route& route : Routes()) {
    if (route.verb == "GET") Ask("GET", PathOfRoute(route.pattern));
  }
  std::set<std::string_view> answered;
  for (const Route& route : Routes()) Reach(route.answer, answered);
  // Of those a server of PostgreSQL is asked: tests/e2e/service/session_test.cc.
  std::erase_if(answered, [](std::string_view name) { return name.starts_with("TaskRunSession"); });
  for (const std::string_view message : answered)
    EXPECT_TRUE(described_.met().count(message)) << message;
}

}  // namespace
}  // namespace lockstep::service
