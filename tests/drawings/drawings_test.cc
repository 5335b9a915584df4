// The examples of web/ and of the runner as drawings, in all formats, compared as a whole. Who
// changes how things are drawn looks at the files that LOCKSTEP_UPDATE=1 writes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "core/api/api.h"
#include "core/base/json_writer.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;
const fs::path kRoot = LOCKSTEP_SOURCE_DIR;

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Picture {
  const char* example;
  const char* scenario;  ///< in tests/drawings; "": the example's own, if it has one
  const char* drawing;   ///< JSON
  const char* file;
};

std::string Draw(const Picture& picture) {
  const fs::path folder = kRoot / "web/examples" / picture.example;
  base::JsonWriter request;
  request.BeginObject().Member("plan", Read(folder / "plan.json"));
  request.Member("inventory", Read(folder / "inventory.json"));
  const fs::path scenario = *picture.scenario == '\0' ? folder / "scenario.json"
                                                      : kRoot / "tests/drawings" / picture.scenario;
  if (fs::exists(scenario)) request.Member("scenario", Read(scenario));
  request.Key("options").BeginObject().Member("now", "2026-11-28T06:00:00Z").EndObject();
  request.Key("drawing").Raw(picture.drawing);
  const api::Message answer = api::Answer("render", {request.EndObject().Take(), {}});
  EXPECT_EQ(answer.attachments.size(), 1u) << answer.json;
  return answer.attachments.empty() ? "" : answer.attachments[0];
}

class Drawings : public testing::TestWithParam<Picture> {};

TEST_P(Drawings, AreAsTheyWere) {
  const fs::path expected = kRoot / "tests/drawings" / GetParam().file;
  const std::string drawn = Draw(GetParam());
  if (std::getenv("LOCKSTEP_UPDATE") != nullptr) std::ofstream(expected) << drawn;
  EXPECT_TRUE(drawn == Read(expected)) << expected << " is drawn in another way";
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Drawings,
    testing::Values(
        Picture{"departments", "", R"({"view":"lanes"})", "departments-lanes.svg"},
        Picture{"departments", "", R"({"view":"graph"})", "departments-graph.svg"},
        Picture{"documents", "", R"({"view":"lanes","width":400})", "documents-lanes-narrow.svg"},
        Picture{"tenants", "", R"({"view":"lanes"})", "tenants-lanes.svg"},
        Picture{"tenants", "", R"({"view":"graph"})", "tenants-graph.svg"},
        Picture{"tenants", "failure.scenario.json", R"({"view":"lanes"})",
                "tenants-failure-lanes.svg"},
        Picture{"tenants", "failure.scenario.json", R"({"view":"graph","format":"html"})",
                "tenants-failure.html"},
        Picture{"departments", "", R"({"format":"lanes"})", "departments-lanes.txt"},
        Picture{"documents", "", R"({"format":"lanes","width":40})", "documents-lanes-narrow.txt"},
        Picture{"tenants", "failure.scenario.json", R"({"format":"lanes","width":40})",
                "tenants-failure-lanes-narrow.txt"},
        Picture{"tenants", "failure.scenario.json", R"({"format":"lanes","width":80})",
                "tenants-failure-lanes.txt"},
        Picture{"tenants", "failure.scenario.json", R"({"format":"lanes","width":200,"rows":6})",
                "tenants-failure-lanes-wide.txt"},
        Picture{"departments", "", R"({"format":"mermaid"})", "departments.mmd"},
        Picture{"tenants", "failure.scenario.json", R"({"format":"mermaid"})",
                "tenants-failure.mmd"},
        Picture{"tenants", "failure.scenario.json", R"({"format":"trace"})",
                "tenants-failure.trace.json"}));

}  // namespace
}  // namespace lockstep
