// render and rollout export: what other programs take.
#include <gtest/gtest.h>

#include "tests/e2e/program.h"

namespace lockstep::e2e {
namespace {

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Render, SvgOrHtmlByTheNameOfTheFile) {
  Folder folder;
  WriteRollout(folder, {"SELECT 1;", "SELECT 2;"});
  const Ended ended = Lockstep(folder, {"render", "plan.json", "-o", "plan.svg"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(folder.Read("plan.svg").rfind("<svg xmlns=", 0), 0u);
  EXPECT_EQ(Lockstep(folder, {"render", "plan.json", "-o", "plan.html"}).code, 0);
  EXPECT_EQ(folder.Read("plan.html").rfind("<!doctype html>", 0), 0u);
  EXPECT_EQ(Lockstep(folder, {"render", "plan.json"}).out, folder.Read("plan.svg"));
  EXPECT_TRUE(Has(Lockstep(folder, {"render", "plan.json", "--view", "graph"}).out, "data-group"));
}

TEST(Render, SimulatePrintsTheSame) {
  Folder folder;
  WriteRollout(folder, {"SELECT 1;"});
  const std::string start = "2026-11-28T00:00:00Z";
  for (const char* format : {"svg", "html"}) {
    const Ended ended =
        Lockstep(folder, {"simulate", "plan.json", "--start", start, "--format", format});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.out,
              Lockstep(folder, {"render", "plan.json", "--start", start, "--format", format}).out);
  }
}

TEST(Render, WhatCannotBeIsRefused) {
  Folder folder;
  WriteRollout(folder, {"SELECT 1;"});
  const Ended narrow = Lockstep(folder, {"render", "plan.json", "--width", "10"});
  EXPECT_EQ(narrow.code, 2);
  EXPECT_TRUE(Has(narrow.err, "from 280 to 1000000")) << narrow.err;
  const Ended nowhere = Lockstep(folder, {"render", "plan.json", "-o", "no/such/folder.svg"});
  EXPECT_NE(nowhere.code, 0);
  EXPECT_TRUE(Has(nowhere.err, "cannot write \"no/such/folder.svg\"")) << nowhere.err;
  folder.Write("events.ndjson", "{\"sequence\":1}\n");
  const Ended events = Lockstep(folder, {"render", "plan.json", "--events", "events.ndjson"});
  EXPECT_NE(events.code, 0);
  EXPECT_TRUE(Has(events.err, "\"events.ndjson\", line 1")) << events.err;
  folder.Write("broken.json", "{");
  EXPECT_EQ(Lockstep(folder, {"render", "broken.json"}).code, 3);
}

TEST(Render, ARealRunFromItsEvents) {
  Folder folder;
  WriteRollout(folder, {"INSERT INTO t VALUES (1);", "INSERT INTO nowhere VALUES (1);"});
  EXPECT_EQ(Lockstep(folder, {"run", "plan.json", "--events", "events.ndjson"}).code, 1);
  const Ended ended = Lockstep(folder, {"render", "plan.json", "--events", "events.ndjson"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(Has(ended.out, "class=\"task done\" data-task=\"0\"")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "class=\"task failed\" data-task=\"1\""));
}

TEST(Export, HoldsDocumentsEventsAndOutputs) {
  Folder folder;
  WriteRollout(folder, {"SELECT 'said by the client';"});
  EXPECT_EQ(Lockstep(folder, {"run", "plan.json"}).code, 0);
  const Ended ended = Lockstep(folder, {"rollout", "export", "-o", "run.json"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const std::string text = folder.Read("run.json");
  EXPECT_EQ(text.rfind("{\"rollout\":\"projects/", 0), 0u);
  EXPECT_TRUE(Has(text, "\"role\":\"plan\""));
  EXPECT_TRUE(Has(text, "\"role\":\"inventory\""));
  EXPECT_TRUE(Has(text, "\"text\":\"SELECT 'said by the client';"));
  EXPECT_TRUE(Has(text, "\"type\":\"rollout_ended\""));
  EXPECT_TRUE(Has(text, "said by the client\\n\",\"tail\"")) << text;
  EXPECT_EQ(Lockstep(folder, {"rollout", "export"}).out, text);
}

}  // namespace
}  // namespace lockstep::e2e
