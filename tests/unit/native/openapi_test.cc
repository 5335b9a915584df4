// The description of the API that is checked in is the one that is served.
#include "native/service/openapi.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

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
