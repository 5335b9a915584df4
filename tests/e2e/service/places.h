// A project of two environments on SQLite, and what its clients say again and again.
#pragma once

#include <string>

#include "tests/e2e/service/serve.h"

namespace lockstep::e2e {

/// What an inventory says of the environments test and prod: {"automatic": …}.
struct Policies {
  std::string test = "{}", prod = "{}";
};

/// inventory.json with instances/test and instances/prod, a database hr in each and a shop in test;
/// each has a table log(entry). Written again with other policies, the databases stay.
void WritePlaces(const Folder& folder, const Policies& policies = {});

/// "1,2": what is in the log of "test-hr", "test-shop" or "prod-hr", oldest first.
std::string LogOf(const Folder& folder, const std::string& database);

/// A sheet that writes an entry to the log, and one that takes hours for it.
std::string EntrySql(const std::string& entry);
std::string EndlessSql(const std::string& entry);

/// The name of the new object; an answer that is none fails the test.
std::string CreateSheet(const Serve& serve, const std::string& sql);
std::string CreatePlan(const Serve& serve, const Words& steps);
std::string CreateRollout(const Serve& serve, const std::string& plan,
                          const std::string& query = "");

/// {"specs": […]} of specs, and a spec of "test/databases/hr".
std::string StepJson(const Words& specs);
std::string SpecOn(const std::string& id, const std::string& database, const std::string& sheet);

/// All tasks of a stage, asked for.
Reply BatchRun(const Serve& serve, const Reply& rollout, int stage);

}  // namespace lockstep::e2e
