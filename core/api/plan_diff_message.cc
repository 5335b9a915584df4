// What a change is, in words.
#include "core/api/plan_diff_answers.h"
#include "core/base/text.h"

namespace lockstep::api {
namespace {

using base::Quote;

/// `title is "b", was "a"`, for something that may have been set or taken away.
std::string IsAndWas(std::string_view name, std::string_view before, std::string_view after) {
  std::string text(name);
  if (before.empty()) return text + " set to " + Quote(after);
  if (after.empty()) return text + " taken away, was " + Quote(before);
  if (before == after) return text + " changed";  // and is not to be shown
  return text + " is " + Quote(after) + ", was " + Quote(before);
}

std::string NowAndWas(std::string_view before, std::string_view after) {
  const auto place = [](std::string_view value) {
    return value.empty() ? std::string("first") : "after " + Quote(value);
  };
  return " moved: now " + place(after) + ", was " + place(before);
}

/// "1 statement added, 2 changed"
std::string CountsText(const StatementCounts& counts) {
  if (counts.same_text) return "the same text";
  std::string text;
  const auto add = [&text](std::uint32_t count, std::string_view how) {
    if (count == 0) return;
    text += text.empty() ? base::Plural(count, "statement") : ", " + std::to_string(count);
    text.append(" ").append(how);
  };
  add(counts.added, "added");
  add(counts.removed, "removed");
  add(counts.changed, "changed");
  return text.empty() ? "only comments or white space differ" : text;
}

std::string UsesText(std::uint32_t uses) {
  return " (" + base::Plural(uses, "spec") + ")";
}

/// Of what only one of the plans has.
std::string AddedOrRemoved(const Change& change, const std::string& what) {
  const bool added = change.how() == How::kAdded;
  std::string text = what + (added ? " added" : " removed");
  const Side& side = added ? *change.b : *change.a;
  if (change.what == What::kSpec && !side.value.empty())
    text += (added ? " to step " : " from step ") + Quote(side.value);
  return text;
}

std::string OfSpec(const Change& change, const std::string& spec) {
  const std::string_view before = change.a ? change.a->value : std::string_view();
  const std::string_view after = change.b ? change.b->value : std::string_view();
  switch (change.what) {
    case What::kSpecId:
      return spec + " had the id " + Quote(before);
    case What::kSpecStep:
      return spec + " moved from step " + Quote(before) + " to step " + Quote(after);
    case What::kSpecOrder:
      return spec + NowAndWas(before, after);
    case What::kDependency:
      return change.how() == How::kAdded ? spec + " waits for " + Quote(after)
                                         : spec + " no longer waits for " + Quote(before);
    case What::kTarget:
      if (change.how() == How::kChanged) return spec + ": " + IsAndWas("target", before, after);
      return AddedOrRemoved(change, spec + ": target " + Quote(change.a ? before : after));
    case What::kTargetOrder:
      return spec + ": target " + Quote(after) + " has another place in its list";
    case What::kSheet:
      return spec + ": " + IsAndWas("sheet", before, after) +
             (change.statements ? ": " + CountsText(*change.statements) : "");
    case What::kField:
      return spec + ": " + IsAndWas(change.field, before, after);
    default:
      return AddedOrRemoved(change, spec);
  }
}

}  // namespace

std::string MessageOf(const Change& change) {
  const Side& side = change.b ? *change.b : *change.a;
  const std::string before = change.a ? change.a->value : "";
  const std::string after = change.b ? change.b->value : "";
  switch (change.what) {
    case What::kPlan:
      return IsAndWas(change.field, before, after);
    case What::kInventory:
      return (side.of.empty() ? "" : Quote(side.of) + ": ") + IsAndWas(change.field, before, after);
    case What::kStep:
      return AddedOrRemoved(change, "step " + Quote(side.of));
    case What::kStepTitle:
      return "step " + Quote(change.a->of) +
             (after.empty() ? " has no title any more" : " is called " + Quote(after));
    case What::kStepOrder:
      return "step " + Quote(side.of) + NowAndWas(before, after);
    case What::kDatabase:
      return Quote(side.of) + (change.b ? " now matches " : " no longer matches ") +
             Quote(side.value) + UsesText(change.uses);
    case What::kSheetText:
      return "sheet " + Quote(side.of) + ": " + CountsText(*change.statements) +
             UsesText(change.uses);
    default:
      return OfSpec(change, "spec " + Quote(side.of));
  }
}

}  // namespace lockstep::api
