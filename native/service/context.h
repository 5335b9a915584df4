// Context: what a method of the services works with: the ledger, the documents that this place is
// set up with, and rollouts that were loaded before.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/workspace.h"
#include "native/ledger/ledger.h"
#include "native/ledger/objects.h"
#include "native/runner.h"
#include "native/service/live_rollouts.h"

namespace lockstep::service {

/// What plans of the services are understood by: as flags of `lockstep run` say it.
struct Settings {
  std::string inventory;  ///< path; "" = none
  std::string sheets;     ///< folder of sheets beside those that were created; "" = none
  native::Execution execution;
  plan::Semantics semantics = plan::DocumentedSemantics();
  rollout::Pace pace;
};

/// A rollout may have got work: somebody should see that a runner does it.
using Wake = std::function<void(std::string_view rollout)>;

/// One request. All of it was decoded.
struct Call {
  std::vector<std::string> path;  ///< what stands for each * of the route
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
  std::string user;  ///< "users/{email}"

  /// Of a query parameter in either spelling: "updateMask" also finds "update_mask". Empty: it is
  /// not there, which for some differs from "".
  std::optional<std::string> Find(std::string_view camel_case) const;
  std::string Get(std::string_view camel_case) const { return Find(camel_case).value_or(""); }
  /// Of one that its route calls a flag; false when it is not there.
  bool Is(std::string_view camel_case) const;
};

class PlanChecker;

/// Of requests that ask a database, and so may keep a worker of the server for seconds. There are
/// fewer turns than workers, that others find one whatever databases do. From any thread.
class Turns {
 public:
  explicit Turns(int count) : left_(count) {}
  /// Nothing when all are taken. Given back when nobody holds it any more.
  std::shared_ptr<void> Take() {
    if (left_.fetch_sub(1) > 0) return {this, [](Turns* turns) { ++turns->left_; }};
    ++left_;
    return nullptr;
  }

 private:
  std::atomic<int> left_;
};

/// Of one request, on one thread.
struct Context {
  ledger::Ledger& ledger;
  ledger::Objects objects;
  const Settings& settings;
  LiveRollouts& rollouts;
  base::Instant now;
  const Wake& wake;
  PlanChecker& checker;
  Turns& turns;
};

using Method = base::Result<std::string> (*)(Context& context, const Call& call);

/// The inventory as it is now; empty when there is none. kInvalidArgument with its first mistake.
base::Result<std::optional<diagnostics::Source>> ReadInventory(const Settings& settings);

/// Sheets that were created through the service, and those of the folder and of `inventory`, which
/// may be null. Valid as long as the context and the inventory.
std::unique_ptr<inventory::SheetLibrary> SheetsOf(const Context& context,
                                                  const inventory::Inventory* inventory);

/// A plan's text understood: with the inventory as it is now, and the sheets of SheetsOf. Unknown
/// fields are read past.
base::Result<std::unique_ptr<api::Workspace>> ReadPlan(Context& context, std::string name,
                                                       std::string text);
/// The same with another inventory, and with texts, by name, that go before the sheets.
base::Result<std::unique_ptr<api::Workspace>> ReadPlan(
    Context& context, std::string name, std::string text,
    std::optional<diagnostics::Source> inventory,
    const std::map<std::string, std::string>& texts = {});
/// What is wrong with it, for a person; ok when nothing is.
base::Status ErrorsOf(const api::Workspace& workspace);

/// Whether something may be made in it: its id is one that Bytebase would give a project.
base::Status CheckProject(std::string_view project);
/// What a list looks for: "-" is any project, which Objects calls "".
std::string_view ProjectFilter(std::string_view project);

/// The object of that number, in that project ("-": of any). kNotFound otherwise.
base::Result<ledger::Object> Get(Context& context, ledger::Object::Kind kind,
                                 std::string_view project, std::string_view number);

/// What a list goes through: numbers of its objects, newest first. An object is read by Get when it
/// is looked at. "-": of any project.
base::Result<std::vector<std::int64_t>> Numbers(Context& context, ledger::Object::Kind kind,
                                                std::string_view project);
base::Result<ledger::Object> Get(Context& context, ledger::Object::Kind kind, std::int64_t number);

/// "projects/sample/plans/101".
std::string NameOf(const ledger::Object& object);

}  // namespace lockstep::service
