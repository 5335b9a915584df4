// Setup: the compact notation of a script, turned into real documents that go the whole way:
// decode, check, expand.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/workspace.h"
#include "core/base/time.h"
#include "core/rollout/pace.h"

namespace lockstep::scheduler_test {

/// When every script starts.
inline constexpr base::Instant kStart{1'767'225'600'000};  // 2026-01-01T00:00:00Z

class Setup {
 public:
  /// One line of the notation. What it says wrong, or nothing.
  std::optional<std::string> Add(std::string_view line);

  std::string PlanJson() const;
  std::string InventoryJson() const;
  std::unique_ptr<api::Workspace> Read() const;
  const rollout::Pace& pace() const { return pace_; }
  bool on_request() const { return on_request_; }
  const std::string& semantics() const { return semantics_; }

 private:
  struct Instance {
    std::string name, engine = "POSTGRES", environment, connections = "0";
    std::vector<std::string> databases;
  };
  struct Spec {
    std::string id, kind = "change", type = "MIGRATE", version, instance;
    std::vector<std::string> targets, after;
    std::optional<base::Duration> from;
    bool group = false;
  };
  struct Step {
    std::string title;
    std::vector<Spec> specs;
  };

  std::optional<std::string> AddInstance(std::string_view line);
  std::optional<std::string> AddSpec(std::string_view line);
  std::string TargetName(const Spec& spec, const std::string& target) const;
  std::string SpecJson(const Spec& spec, int number) const;
  std::string ConfigJson(const Spec& spec, int number) const;

  std::vector<std::string> environments_ = {"test"};
  std::vector<Instance> instances_;
  std::map<std::string, std::vector<std::string>> groups_;
  std::vector<Step> steps_;
  bool flat_ = false, terminal_ = false, vcs_ = false, on_request_ = false;
  rollout::Pace pace_;
  std::string semantics_ = "documented";
};

}  // namespace lockstep::scheduler_test
