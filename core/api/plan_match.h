// PlanMatch: which spec and which step of one plan is which of another.
#pragma once

#include "core/check/check.h"

namespace lockstep::api {

/// Indices are invalid where there is no partner. Matching b with a gives the same pairs.
struct PlanMatch {
  base::IndexVector<plan::SpecIndex, plan::SpecIndex> spec_in_b, spec_in_a;
  /// Empty when one of the plans is flat: it has no steps.
  base::IndexVector<plan::StepIndex, plan::StepIndex> step_in_b, step_in_a;
  bool has_steps = false;
  bool has_sheet_texts = false;  ///< of both plans; else sheets are compared by name alone
};

/// Specs by id; those left over by what they do: targets, type and the sheet, by its text, else by
/// its name. Steps by title where they share specs, then by the specs that they share, then by
/// title.
PlanMatch MatchPlans(const check::CheckedPlan& a, const check::CheckedPlan& b);

/// As Expand takes it: without a type a change is a migration.
plan::ChangeType TypeOf(const plan::Config& config);

/// Whether the sheets of a plan were there to be read. True for a plan that names none.
bool HasSheetTexts(const check::CheckedPlan& checked);

}  // namespace lockstep::api
