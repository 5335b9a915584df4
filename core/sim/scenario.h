// Scenario: what a simulation assumes. Durations, what goes wrong and when, commands at times,
// caps, start, deadline, seed.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/diagnostics/emitter.h"
#include "core/json/document.h"
#include "core/rollout/pace.h"
#include "core/rollout/rollout.h"
#include "core/sim/distribution.h"

namespace lockstep::sim {

/// How large a sheet is: what its duration may depend on when nothing better is known.
enum class SheetSize : std::uint8_t {
  kSmall,   ///< below 4 KiB
  kMedium,  ///< below 256 KiB
  kLarge,
};
inline constexpr int kSheetSizeCount = 3;
std::optional<SheetSize> FindSheetSize(std::string_view name);
std::string_view ToString(SheetSize size);  ///< "small", "medium", "large"
SheetSize SizeOf(const rollout::Sheet& sheet);

/// The document (schemas/scenario.schema.json):
/// {"start": "2026-11-22T01:00:00Z", "deadline": "4h", "parallel": 4, "canary": 1,
///  "maxFailures": "2%", "seed": 7, "maximumConnections": {"instances/i": 3},
///  "durations": {"default": "30s", "classes": {"DDL": "2s", "DML": {"large": "5m"}},
///                "targets": {"instances/i/databases/d": "5s"},
///                "specs": {"ID": {"p50": "2m", "p95": "10m"}, "ID 2": {"instances/…/d": ["7s"]}},
///                "connect": {"default": "40ms", "targets": {"instances/i": "90ms"}}},
///  "failures": [{"spec": "ID", "target": "instances/…", "attempts": 1 or "always",
///                "probability": "5%", "after": "3s", "message": "…"}],
///  "delays": [{"spec": "ID", "target": "instances/…", "by": "5m"}],
///  "locks": [{"target": "instances/…", "from": "10m", "to": "20m", "timeout": "30s"}],
///  "outages": [{"instance": "instances/i", "from": "10m", "to": "30m"}],
///  "commands": [{"at": "10m", "retry"|"skip"|"cancel": ["ID" or {"spec", "target"}],
///                "reason": "…"}]}
/// Times inside count from the start. A length of time is "30s", percentiles of it, or a list of
/// lengths that were seen. Failures, delays, locks, outages and commands *disturb* a rollout; the
/// rest does not.
struct Scenario {
  struct Selector {
    std::string spec, target;
  };  ///< empty = any
  struct SpecDuration {
    Selector selector;
    Distribution duration;
  };
  struct ClassDuration {
    std::string statement_class;
    std::optional<SheetSize> size;  ///< empty: any
    Distribution duration;
  };
  struct Connect {
    Selector selector;  ///< a target or an instance; empty: all
    base::Duration cost;
  };
  static constexpr std::uint32_t kAlways = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kCertain = 1'000'000;
  struct Failure {
    Selector selector;
    std::uint32_t attempts = 1;  ///< so many first ones; kAlways
    std::string message;
    base::Duration after{-1};              ///< -1: at the end of the run
    std::uint32_t probability = kCertain;  ///< of each of these attempts, in millionths
  };
  struct Delay {
    Selector selector;
    base::Duration by;  ///< each run takes so much longer
  };
  /// Runs that start meanwhile do nothing until it ends.
  struct Lock {
    Selector selector;
    base::Duration from, to;
    base::Duration timeout{-1};  ///< a run that waits longer fails; -1: it waits on
  };
  /// Runs that start meanwhile fail; those that run when it begins are in doubt until it ends.
  struct Outage {
    std::string instance;
    base::Duration from, to;
  };
  struct Command {
    base::Duration at;
    enum class Kind { kRetry, kSkip, kCancel } kind = Kind::kRetry;
    std::vector<Selector> tasks;
    std::string reason;
  };

  std::optional<base::Instant> start;
  std::optional<base::Duration> deadline;  ///< from the start
  rollout::Pace pace;
  std::map<std::string, std::uint32_t> maximum_connections;  ///< by instance
  std::uint64_t seed = 0;
  // The most specific wins: spec and target, spec, target, class and size, class, default.
  Distribution default_duration{base::Seconds(1)};
  bool says_default = false;  ///< the document does, not this program
  std::vector<ClassDuration> class_durations;
  std::vector<SpecDuration> durations;
  std::vector<Connect> connects;  ///< comes on top of the duration
  std::vector<Failure> failures;
  std::vector<Delay> delays;
  std::vector<Lock> locks;
  std::vector<Outage> outages;
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
