// A folder with an inventory, SQLite databases and a Service on a ledger, to be asked as clients
// ask.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "core/service/message.h"
#include "native/service/service.h"
#include "tests/unit/native/described_answers.h"

namespace lockstep::service {

/// An answer of a Service, to be looked into: Text("steps.0.specs.1.id").
class Reply {
 public:
  explicit Reply(Service::Answer answer) : status(answer.status), json(std::move(answer.json)) {
    auto body = Body::Parse(json);
    EXPECT_TRUE(body.ok()) << json;
    if (body.ok()) body_ = std::move(*body);
  }

  /// Of a string its text, of a list its length, "-" when there is no such thing, else JSON.
  std::string Text(std::string_view path) const {
    if (body_ == nullptr) return "-";
    std::optional<json::Value> at = body_->root();
    while (at && !path.empty()) {
      const std::size_t end = std::min(path.find('.'), path.size());
      at = Step(*at, path.substr(0, end));
      path.remove_prefix(std::min(end + 1, path.size()));
    }
    if (!at) return "-";
    if (at->kind() == json::Kind::kString) return std::string(at->AsString());
    if (at->kind() == json::Kind::kArray) return std::to_string(at->size());
    return Json(*at);
  }
  /// That it is what the description of the API says of this request's answers.
  void ExpectDescribed(DescribedAnswers& described, std::string_view verb,
                       std::string_view path) const {
    if (body_ == nullptr) return;
    for (const std::string& problem : described.Check(verb, path, status, body_->root()))
      ADD_FAILURE() << verb << " " << path << ": " << problem << "\n" << json;
  }
  /// As JSON, to be sent back.
  std::string Part(std::string_view key) const { return Json(*body_->root().Find(key)); }

  int status;
  std::string json;

 private:
  static std::optional<json::Value> Step(json::Value value, std::string_view key) {
    if (value.kind() == json::Kind::kObject) return value.Find(key);
    if (value.kind() != json::Kind::kArray) return std::nullopt;
    std::size_t left = std::stoul(std::string(key));
    for (const json::Value element : value.elements()) {
      if (left-- == 0) return element;
    }
    return std::nullopt;
  }
  static std::string Json(json::Value value) {
    base::JsonWriter writer;
    WriteValue(writer, value);
    return writer.Take();
  }

  std::unique_ptr<Body> body_;
};

class ServiceTest : public testing::Test {
 protected:
  static constexpr std::string_view kInventory = R"({
    "environments": [{"name": "environments/test"}, {"name": "environments/prod"}],
    "instances": [
      {"name": "instances/a", "engine": "SQLITE", "environment": "environments/test",
       "dataSources": [{"type": "ADMIN", "host": "data"}],
       "databases": [{"name": "instances/a/databases/hr"}, {"name": "instances/a/databases/shop"}]},
      {"name": "instances/b", "engine": "SQLITE", "environment": "environments/prod",
       "dataSources": [{"type": "ADMIN", "host": "data"}],
       "databases": [{"name": "instances/b/databases/hr"}]}],
    "databaseGroups": [{"name": "projects/p/databaseGroups/all-hr",
      "databaseExpr": {"expression": "resource.database_name == \"hr\""}}]})";

  void SetUp() override {
    std::string pattern = testing::TempDir() + "lockstep-service-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::filesystem::create_directories(folder_ + "/data");
    Write("data/hr.db", "");
    Write("data/shop.db", "");
    Write("inventory.json", kInventory);
    settings_.inventory = folder_ + "/inventory.json";
    settings_.execution.ledger = folder_ + "/.lockstep/ledger.db";
    Open();
  }
  void TearDown() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ + "/" + name) << text;
  }
  /// The service anew, with settings_ as they are now.
  void Open() {
    service_.reset();
    auto service = Service::Open(settings_, [](std::string_view) {});
    ASSERT_TRUE(service.ok()) << service.error().message;
    service_ = std::move(*service);
  }
  /// "GET", "/v1/projects/p/sheets?pageSize=2"
  Reply Ask(std::string_view verb, std::string_view where, std::string_view body = "") {
    Call call;
    call.body = body;
    call.user = "users/me@example.com";
    const std::size_t end = std::min(where.find('?'), where.size());
    std::string_view query = where.substr(std::min(end + 1, where.size()));
    while (!query.empty()) {
      const std::string_view pair = query.substr(0, query.find('&'));
      const std::size_t equals = std::min(pair.find('='), pair.size());
      call.query.emplace_back(pair.substr(0, equals),
                              pair.substr(std::min(equals + 1, pair.size())));
      query.remove_prefix(std::min(pair.size() + 1, query.size()));
    }
    Reply reply(service_->Handle(verb, where.substr(0, end), std::move(call)));
    reply.ExpectDescribed(described_, verb, where.substr(0, end));
    return reply;
  }

  std::string folder_;
  Settings settings_;
  std::unique_ptr<Service> service_;
  DescribedAnswers described_;  // with what all answers so far were made of
};

}  // namespace lockstep::service
