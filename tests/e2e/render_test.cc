// render and rollout export: what other programs take.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/e2e/terminal.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

TEST(Render, TheFormatByTheNameOfTheFile) {
  Folder folder;
  WriteRollout(folder, {"SELECT 1;", "SELECT 2;"});
  const Ended ended = Lockstep(folder, {"render", "plan.json", "-o", "plan.svg"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(folder.Read("plan.svg").rfind("<svg xmlns=", 0), 0u);
  EXPECT_EQ(Lockstep(folder, {"render", "plan.json", "-o", "plan.html"}).code, 0);
  EXPECT_EQ(folder.Read("plan.html").rfind("<!doctype html>", 0), 0u);
  EXPECT_EQ(Lockstep(folder, {"render", "plan.json"}).out, folder.Read("plan.svg"));
  const std::pair<const char*, const char*> files[] = {
      {"plan.txt", "ends DONE after 2 s"},
      {"plan.mmd", "\ngantt\n"},
      {"plan.trace.json", "\"traceEvents\":[{\"ph\":\"M\""}};
  for (const auto& [file, part] : files) {
    EXPECT_EQ(Lockstep(folder, {"render", "plan.json", "-o", file}).code, 0) << file;
    EXPECT_TRUE(Has(folder.Read(file), part)) << folder.Read(file);
  }
  EXPECT_TRUE(Has(Lockstep(folder, {"render", "plan.json", "--view", "graph"}).out, "data-group"));
}

TEST(Render, SimulatePrintsTheSame) {
  Folder folder;
  WriteRollout(folder, {"SELECT 1;"});
  const std::string start = "2026-11-28T00:00:00Z";
  for (const char* format : {"svg", "html", "lanes", "mermaid", "trace"}) {
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
  const Ended letters =
      Lockstep(folder, {"simulate", "plan.json", "--format", "lanes", "--width", "10"});
  EXPECT_EQ(letters.code, 2);
  EXPECT_TRUE(Has(letters.err, "columns from 24 to 10000")) << letters.err;
  const Ended graph =
      Lockstep(folder, {"render", "plan.json", "--view", "graph", "--format", "trace"});
  EXPECT_EQ(graph.code, 2);
  EXPECT_TRUE(Has(graph.err, "the graph is drawn as svg or html")) << graph.err;
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
  const auto as = [&](const std::string& format) {
    return Lockstep(folder,
                    {"render", "plan.json", "--events", "events.ndjson", "--format", format})
        .out;
  };
  EXPECT_TRUE(Has(as("lanes"), "F FAILED")) << as("lanes");
  EXPECT_TRUE(Has(as("mermaid"), " FAILED :")) << as("mermaid");
  EXPECT_TRUE(Has(as("trace"), "\"name\":\"FAILED: task 2\"")) << as("trace");
}

TEST(Render, LanesAreAsWideAsTheTerminalWithItsColoursAndLetters) {
  Folder folder;
  WriteRollout(folder, {"SELECT 1;"});
  const Words words = {"lockstep", "simulate", "plan.json", "--format", "lanes"};
  Terminal utf8(folder, words, 50, 24, {{"LC_ALL", "C.UTF-8"}});
  EXPECT_EQ(utf8.Wait(), 0);
  EXPECT_EQ(utf8.mistakes(), "");
  EXPECT_TRUE(Has(utf8.raw(), "\x1b[32m▐")) << utf8.raw();
  Terminal ascii(folder, words, 50, 24, {{"LC_ALL", "C"}, {"NO_COLOR", "1"}});
  EXPECT_EQ(ascii.Wait(), 0);
  EXPECT_FALSE(Has(ascii.raw(), "\x1b") || Has(ascii.raw(), "▐")) << ascii.raw();
  std::istringstream lines(ascii.Screen());
  std::string line;
  std::size_t widest = 0;
  while (std::getline(lines, line)) widest = std::max(widest, line.size());
  EXPECT_EQ(widest, 50u) << ascii.Screen();
  EXPECT_TRUE(Has(Lockstep(folder, {words.begin() + 1, words.end()}).out, "▐")) << "in a pipe";
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
