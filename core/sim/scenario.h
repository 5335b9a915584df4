// Scenario: what a simulation assumes. Durations, failures, commands at times, caps, start, seed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/diagnostics/emitter.h"
#include "core/json/document.h"
#include "core/rollout/pace.h"
#include "core/rollout/rollout.h"

namespace lockstep::sim {

/// The document (schemas/scenario.schema.json):
/// {"start": "2026-11-22T01:00:00Z", "parallel": 4, "canary": 1, "maxFailures": "2%", "seed": 7,
///  "durations": {"default": "30s", "targets": {"instances/i/databases/d": "5s"},
///                "specs": {"ID": "2m", "ID 2": {"instances/i/databases/d": "7s"}}},
///  "failures": [{"spec": "ID", "target": "instances/…", "attempts": 1, "after": "3s", "message":
///  "…"}], "delays": [{"spec": "ID", "target": "instances/…", "by": "5m"}], "commands": [{"at":
///  "10m", "retry"|"skip"|"cancel": ["ID" or {"spec", "target"}], "reason": "…"}]}
/// A failure and a delay need a spec or a target; a failure without `after` comes at the end of its
/// run. Failures, delays and commands *disturb* a rollout; durations and caps do not.
struct Scenario {
  struct Selector {
    std::string spec, target;
  };  ///< empty = any
  struct SpecDuration {
    Selector selector;
    base::Duration duration;
  };
  struct Failure {
    Selector selector;
    std::uint32_t attempts = 1;
    std::string message;
    base::Duration after{-1};
  };
  struct Delay {
    Selector selector;
    base::Duration by;  ///< each run takes so much longer
  };
  struct Command {
    base::Duration at;
    enum class Kind { kRetry, kSkip, kCancel } kind = Kind::kRetry;
    std::vector<Selector> tasks;
    std::string reason;
  };

  std::optional<base::Instant> start;
  rollout::Pace pace;
  std::uint64_t seed = 0;
  base::Duration default_duration = base::Seconds(1);
  std::vector<SpecDuration>
      durations;  ///< the most specific wins: spec and target, spec, target, default
  std::vector<Failure> failures;
  std::vector<Delay> delays;
  std::vector<Command> commands;
};

bool IsDisturbed(const Scenario& scenario);
/// The same without what disturbs.
Scenario Undisturbed(Scenario scenario);

/// Reports shape problems, and selectors that fit no spec or target of `rollout` when one is given.
std::optional<Scenario> DecodeScenario(const json::Document& document,
                                       const rollout::Rollout* rollout,
                                       diagnostics::Emitter& emitter);

}  // namespace lockstep::sim
