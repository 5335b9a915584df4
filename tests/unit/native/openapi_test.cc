// The description of the API that is checked in is the one that is served.
#include "native/service/openapi.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "core/service/message.h"
#include "native/service/openapi_schemas.h"
#include "native/service/routes.h"

namespace lockstep::service {
namespace {

TEST(OpenApi, IsThatOfTheSchemas) {
  const std::string path = LOCKSTEP_SOURCE_DIR "/schemas/openapi.json";
  if (std::getenv("LOCKSTEP_UPDATE") != nullptr) std::ofstream(path) << OpenApi();
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), OpenApi()) << "LOCKSTEP_UPDATE=1 writes it anew";
}

/// Calls `visit(key, value)` for all members that are somewhere in a value.
template <class Visit>
void ForEachMember(json::Value value, const Visit& visit) {
  if (value.kind() == json::Kind::kArray) {
    for (const json::Value element : value.elements()) ForEachMember(element, visit);
  } else if (value.kind() == json::Kind::kObject) {
    for (const json::Member& member : value.members()) {
      visit(member.key, member.value);
      ForEachMember(member.value, visit);
    }
  }
}

TEST(OpenApi, ReferencesLeadSomewhereAndEverythingIsReferredTo) {
  const auto document = Body::Parse(OpenApi());
  ASSERT_TRUE(document.ok()) << document.error().message;
  const json::Value root = (*document)->root();
  std::set<std::string> schemas, referred;
  for (const json::Member& schema : root.Find("components")->Find("schemas")->members())
    EXPECT_TRUE(schemas.insert(SchemaOf(schema.key)).second) << schema.key << " is there twice";
  ForEachMember(root, [&](std::string_view key, json::Value value) {
    if (key == "$ref") referred.emplace(value.AsString());
  });
  EXPECT_EQ(referred, schemas);
}

TEST(OpenApi, OperationsAndTheirParametersHaveNamesOfTheirOwn) {
  const auto document = Body::Parse(OpenApi());
  ASSERT_TRUE(document.ok()) << document.error().message;
  std::set<std::string> ids;
  for (const json::Member& path : (*document)->root().Find("paths")->members()) {
    for (const json::Member& verb : path.value.members()) {
      EXPECT_TRUE(ids.emplace(verb.value.Find("operationId")->AsString()).second) << path.key;
      std::set<std::string> names, in_path;
      for (const json::Value parameter : verb.value.Find("parameters")->elements()) {
        const std::string name(parameter.Find("name")->AsString());
        EXPECT_TRUE(names.insert(name).second) << path.key << ": " << name;
        if (parameter.Find("in")->AsString() == "path") in_path.insert("{" + name + "}");
      }
      for (const std::string& name : in_path)
        EXPECT_NE(path.key.find(name), std::string_view::npos) << path.key << ": " << name;
      EXPECT_EQ(static_cast<std::ptrdiff_t>(in_path.size()),
                std::count(path.key.begin(), path.key.end(), '{'))
          << path.key;
    }
  }
  EXPECT_EQ(ids.size(), Routes().size());
}

TEST(Routes, NoTwoAnswerTheSameRequest) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Route& route : Routes()) {
    EXPECT_TRUE(seen.emplace(route.verb, route.pattern).second) << route.pattern;
    EXPECT_TRUE(route.pattern.starts_with("/v1/")) << route.pattern;
    EXPECT_FALSE(route.summary.empty()) << route.name;
  }
}

TEST(Routes, PartsAreDecodedAfterTheyWereParted) {
  const auto matched = Match("GET", "/v1/instances/a/databases/with%2Fslash");
  ASSERT_TRUE(matched.ok()) << matched.error().message;
  EXPECT_EQ(matched->path, (std::vector<std::string>{"a", "with/slash"}));
  EXPECT_EQ(Match("POST", "/v1/projects/p/plans/101:runPlanChecks")->route->name, "RunPlanChecks");
  EXPECT_EQ(Match("GET", "/v1/projects/p/plans/").ok(), false);
  EXPECT_EQ(Match("PUT", "/v1/projects/p/plans").error().code, base::ErrorCode::kUnimplemented);
  EXPECT_EQ(Match("GET", "/v1/../etc/passwd").error().code, base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace lockstep::service
