// Semantics: how a plan is expanded and ordered, as named switches. Built once from a name; nobody
// else compares versions. What each set decides and its sources: core/README.md, "Semantics".
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace lockstep::plan {

/// What must hold before a task of a stage may start.
enum class StageGate {
  kPreviousEnded,  ///< documented: every task of the stage before is DONE or SKIPPED (or terminal,
                   ///< by policy)
  kNone,  ///< bytebase-3.4's automatic rollout makes the runs of a stage as soon as every task of
          ///< the environment's earlier stages has a run: as good as at once
};
enum class StagesFrom {
  kSteps,         ///< step i is stage i (documented; Bytebase up to 2.20)
  kEnvironments,  ///< one stage per environment, in environment order: flat plans, and
                  ///< bytebase-3.4's default deployment config
};
enum class VersionOrder { kNumericParts, kText };

struct Semantics {
  std::string_view name;
  StagesFrom stages_from_for_steps = StagesFrom::kSteps;  ///< see StagesAreEnvironments in plan.h
  StageGate stage_gate = StageGate::kPreviousEnded;
  VersionOrder version_order = VersionOrder::kNumericParts;
  bool serial_data_tasks = true;  ///< DATA, BASELINE and CREATE tasks take turns on a database too
  bool ghost_is_two_tasks = false;  ///< sync, then cutover (Bytebase up to 3.4.0)
  bool vcs_source_chains =
      false;  ///< vcsSource present: tasks of one database in a stage are chained
};

const Semantics& DocumentedSemantics();
/// "documented", "bytebase-3.4".
std::optional<Semantics> FindSemantics(std::string_view name);
std::span<const std::string_view> SemanticsNames();
/// Of the two that there are.
const Semantics& OtherSemantics(const Semantics& semantics);

/// One of the switches in which two sets can differ.
struct SemanticsSwitch {
  std::string_view name;                ///< "stage-gate"
  std::string_view documented, server;  ///< what each of the two sets does
  std::string_view source;              ///< where Bytebase's code decides it
  bool (*differs)(const Semantics& a, const Semantics& b);
  void (*copy)(Semantics& to, const Semantics& from);
};
std::span<const SemanticsSwitch> SemanticsSwitches();

}  // namespace lockstep::plan
