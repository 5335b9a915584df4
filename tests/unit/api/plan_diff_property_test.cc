// Random plans with random known edits: each gives exactly its difference, and nothing else.
#include <gtest/gtest.h>

#include "core/base/json_writer.h"
#include "core/base/prng.h"
#include "tests/unit/api/diff_fixture.h"

namespace lockstep::api {
namespace {

using base::Prng;

struct SpecModel {
  std::string id, target, sheet, type, version, time;
  Lines depends_on;
};
struct StepModel {
  std::string title;
  std::vector<SpecModel> specs;
};
struct PlanModel {
  std::string title;
  std::vector<StepModel> steps;
  Sheets sheets;
};

/// Writes a plan in one of many ways: order of fields, spelling, white space, comments.
class Writer {
 public:
  explicit Writer(Prng& prng) : prng_(prng) {}

  std::string Plan(const PlanModel& plan) {
    Lines steps;
    for (const StepModel& step : plan.steps) {
      Lines specs;
      for (const SpecModel& spec : step.specs) specs.push_back(Spec(spec));
      steps.push_back(Object({Text("title", step.title), "\"specs\": " + List(specs)}));
    }
    return Object({Text("title", plan.title), "\"steps\": " + List(steps)});
  }

 private:
  std::string Spec(const SpecModel& spec) {
    Lines config = {Text("target", spec.target), Text("sheet", "projects/p/sheets/" + spec.sheet),
                    Text("type", spec.type)};
    if (!spec.version.empty())
      config.push_back(Text(Either("schemaVersion", "schema_version"), spec.version));
    Lines fields = {
        Text("id", spec.id),
        Quoted(Either("changeDatabaseConfig", "change_database_config")) + ":" + Object(config)};
    Lines ids;
    for (const std::string& id : spec.depends_on) ids.push_back(Quoted(id));
    if (!ids.empty() || prng_.Below(3) == 0)
      fields.push_back(Quoted(Either("dependsOnSpecs", "depends_on_specs")) + ": " + List(ids));
    if (!spec.time.empty())
      fields.push_back(Text(Either("earliestAllowedTime", "earliest_allowed_time"), spec.time));
    return Object(std::move(fields));
  }

  std::string Either(const char* a, const char* b) { return prng_.Below(2) == 0 ? a : b; }
  std::string Quoted(const std::string& text) { return base::JsonWriter().String(text).Take(); }
  std::string Text(const std::string& key, const std::string& value) {
    return Quoted(key) + Space() + ":" + Space() + Quoted(value);
  }
  std::string Space() {
    constexpr const char* kSpaces[] = {"", " ", "\n  ", "  // about it\n", "/* and */"};
    return kSpaces[prng_.Below(5)];
  }
  std::string Object(Lines members) {
    for (std::size_t i = members.size(); i > 1; --i)
      std::swap(members[i - 1], members[prng_.Below(i)]);
    return "{" + Joined(members) + "}";
  }
  std::string List(const Lines& items) { return "[" + Joined(items) + "]"; }
  std::string Joined(const Lines& items) {
    std::string text;
    for (const std::string& item : items)
      text += (text.empty() ? "" : ",") + Space() + item + Space();
    return text;
  }

  Prng& prng_;
};

constexpr const char* kFourDatabases = R"({
  "environments": [{"name": "environments/test"}],
  "instances": [{"name": "instances/i", "engine": "POSTGRES", "environment": "environments/test", "databases": [
    {"name": "instances/i/databases/0"}, {"name": "instances/i/databases/1"},
    {"name": "instances/i/databases/2"}, {"name": "instances/i/databases/3"}]}]})";
const Lines kTypes = {"MIGRATE", "DATA", "MIGRATE_SDL"};

class Editor {
 public:
  Editor(Prng& prng, PlanModel& plan) : prng_(prng), plan_(plan) {}

  void MakePlan() {
    plan_.title = "plan";
    for (std::uint64_t i = 0; i < 6; ++i) {
      std::string text;
      for (std::uint64_t s = 0, n = 1 + prng_.Below(4); s < n; ++s)
        text += "UPDATE t SET a = " + std::to_string(++numbers_) + ";\n";
      plan_.sheets[std::to_string(i + 1)] = text;
    }
    for (std::uint64_t i = 0, n = 1 + prng_.Below(4); i < n; ++i) {
      plan_.steps.push_back({"step " + std::to_string(++numbers_), {}});
      for (std::uint64_t s = 0, m = 1 + prng_.Below(7); s < m; ++s) {
        SpecModel spec = NewSpec();
        for (const SpecModel& before : plan_.steps.back().specs) {
          if (prng_.Below(4) == 0) spec.depends_on.push_back(before.id);
        }
        plan_.steps.back().specs.push_back(spec);
      }
    }
  }

  /// Makes a change; what DiffPlans has to say of it, without values and places.
  Lines Edit();

 private:
  SpecModel NewSpec() {
    SpecModel spec;
    spec.id = "s" + std::to_string(++numbers_);
    spec.target = "instances/i/databases/" + std::to_string(prng_.Below(4));
    spec.sheet = std::to_string(1 + prng_.Below(6));
    spec.type = kTypes[prng_.Below(3)];
    if (prng_.Below(4) == 0) spec.time = "2026-11-22T01:00:00Z";
    return spec;
  }
  StepModel& Step() { return plan_.steps[prng_.Below(plan_.steps.size())]; }
  std::size_t PlaceIn(const StepModel& step) { return prng_.Below(step.specs.size()); }

  /// Takes a spec's edges away, in both directions; each is a change, but for those that it has
  /// itself when it goes.
  Lines Cut(StepModel& step, const std::string& id, bool goes) {
    Lines told;
    for (SpecModel& spec : step.specs) {
      if (spec.id == id) {
        for (std::size_t i = 0; i < spec.depends_on.size() && !goes; ++i)
          told.push_back("dependency " + id);
        spec.depends_on.clear();
      } else if (std::erase(spec.depends_on, id) > 0) {
        told.push_back("dependency " + spec.id);
      }
    }
    return told;
  }

  Lines EditSteps(std::uint64_t which);
  Lines EditPlaces(std::uint64_t which);
  Lines EditSpec(std::uint64_t which);

  Prng& prng_;
  PlanModel& plan_;
  std::uint64_t numbers_ = 0;
};

Lines Editor::EditSteps(std::uint64_t which) {
  if (which == 0) {
    plan_.title += " again";
    return {"plan "};
  }
  if (which == 1) {
    StepModel& step = Step();
    step.title += " again";
    return {"stepTitle " + step.title};
  }
  if (which == 2) {
    const std::size_t at = prng_.Below(plan_.steps.size() + 1);
    StepModel step{"step " + std::to_string(++numbers_), {NewSpec()}};
    const Lines told = {"step " + step.title, "spec " + step.specs[0].id};
    plan_.steps.insert(plan_.steps.begin() + static_cast<std::ptrdiff_t>(at), step);
    return told;
  }
  if (plan_.steps.size() < 2) return {};
  if (which == 3) {
    const auto at =
        plan_.steps.begin() + static_cast<std::ptrdiff_t>(prng_.Below(plan_.steps.size()));
    Lines told = {"step " + at->title};
    for (const SpecModel& spec : at->specs) told.push_back("spec " + spec.id);
    plan_.steps.erase(at);
    return told;
  }
  // The first becomes the last. Of two, either has moved.
  const std::string title = plan_.steps.front().title;
  std::rotate(plan_.steps.begin(), plan_.steps.begin() + 1, plan_.steps.end());
  return {plan_.steps.size() == 2 ? "stepOrder *" : "stepOrder " + title};
}

Lines Editor::EditPlaces(std::uint64_t which) {
  StepModel& step = Step();
  const std::size_t at = PlaceIn(step);
  const std::string id = step.specs[at].id;
  const auto spec = step.specs.begin() + static_cast<std::ptrdiff_t>(at);
  if (which == 0) {
    const SpecModel added = NewSpec();
    step.specs.insert(spec, added);
    return {"spec " + added.id};
  }
  if (which == 1 && step.specs.size() > 1) {
    Lines told = Cut(step, id, /*goes=*/true);
    step.specs.erase(spec);
    told.push_back("spec " + id);
    return told;
  }
  if (which == 2 && step.specs.size() > 1) {
    StepModel& other = Step();
    if (&other == &step) return {};
    Lines told = Cut(step, id, /*goes=*/false);
    other.specs.insert(other.specs.begin() + static_cast<std::ptrdiff_t>(PlaceIn(other)), *spec);
    step.specs.erase(spec);
    told.push_back("specStep " + id);
    return told;
  }
  if (which == 3 && at + 1 < step.specs.size()) {
    std::rotate(spec, spec + 1, step.specs.end());
    return {at + 2 == step.specs.size() ? "specOrder *" : "specOrder " + id};
  }
  return {};
}

Lines Editor::EditSpec(std::uint64_t which) {
  StepModel& step = Step();
  const std::size_t at = PlaceIn(step);
  SpecModel& spec = step.specs[at];
  const std::string id = spec.id;
  const auto other = [&](const std::string& now, std::uint64_t count, std::uint64_t first) {
    const std::uint64_t n = std::stoull(now.substr(now.rfind('/') + 1)) - first;
    return std::to_string((n + 1 + prng_.Below(count - 1)) % count + first);
  };
  switch (which) {
    case 0:
      spec.id = "s" + std::to_string(++numbers_);
      for (SpecModel& dependent : step.specs)
        std::replace(dependent.depends_on.begin(), dependent.depends_on.end(), id, spec.id);
      return {"specId " + spec.id};
    case 1:
      spec.target = "instances/i/databases/" + other(spec.target, 4, 0);
      return {"target " + id};
    case 2:
      spec.sheet = other(spec.sheet, 6, 1);
      return {"sheet " + id};
    case 3:
      spec.type = spec.type == "DATA" ? "MIGRATE" : "DATA";
      return {"field " + id};
    case 4:
      spec.version = spec.version.empty() ? "9.9" : "";
      return {"field " + id};
    case 5:
      spec.time = "2026-11-23T0" + std::to_string(prng_.Below(9)) + ":00:00Z";
      return {"field " + id};
    case 6:
      if (spec.depends_on.empty()) return {};
      spec.depends_on.erase(spec.depends_on.begin());
      return {"dependency " + id};
    case 7: {
      if (at == 0) return {};
      const SpecModel& on = step.specs[prng_.Below(at)];
      // One that waits for nothing closes no circle.
      if (!on.depends_on.empty()) return {};
      if (std::count(spec.depends_on.begin(), spec.depends_on.end(), on.id) > 0) return {};
      spec.depends_on.push_back(on.id);
      return {"dependency " + id};
    }
    default:
      plan_.sheets[spec.sheet].insert(
          0, "INSERT INTO t VALUES (" + std::to_string(++numbers_) + ");\n");
      return {"sheetText projects/p/sheets/" + spec.sheet};
  }
}

Lines Editor::Edit() {
  while (true) {
    const std::uint64_t which = prng_.Below(18);
    const Lines told = which < 5   ? EditSteps(which)
                       : which < 9 ? EditPlaces(which - 5)
                                   : EditSpec(which - 9);
    if (!told.empty()) return told;
  }
}

/// "specOrder s3": whom each change is about; "specOrder *" where either of two has moved.
Lines Told(const PlanDiff& diff, const Lines& expected) {
  Lines told;
  for (const Change& change : diff.changes) {
    const std::string what(ToString(change.what));
    const bool either = std::count(expected.begin(), expected.end(), what + " *") > 0;
    told.push_back(what + " " + (either ? "*" : change.b ? change.b->of : change.a->of));
  }
  std::sort(told.begin(), told.end());
  return told;
}

TaskShift Mirror(TaskShift shift) {
  switch (shift) {
    case TaskShift::kAppears:
      return TaskShift::kDisappears;
    case TaskShift::kDisappears:
      return TaskShift::kAppears;
    case TaskShift::kEarlier:
      return TaskShift::kLater;
    case TaskShift::kLater:
      return TaskShift::kEarlier;
    case TaskShift::kStarts:
      return TaskShift::kStartsNever;
    case TaskShift::kStartsNever:
      return TaskShift::kStarts;
  }
  return shift;
}

/// Tasks and turns as numbers, with the sides exchanged when `mirrored`.
Lines Schedule(const ScheduleDiff& diff, bool mirrored) {
  Lines lines;
  const auto pair = [&](rollout::TaskIndex a, rollout::TaskIndex b) {
    return std::to_string((mirrored ? b : a).value()) + " " +
           std::to_string((mirrored ? a : b).value());
  };
  for (const TaskChange& task : diff.tasks) {
    lines.push_back(std::string(ToString(mirrored ? Mirror(task.shift) : task.shift)) + " " +
                    pair(task.a, task.b));
  }
  for (const TurnChange& turn : diff.turns)
    lines.push_back(pair(turn.a, turn.b) + " after " + pair(turn.before_a, turn.before_b));
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST(PlanDiffProperty, AnEditIsToldAndNothingElse) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    Prng prng(seed);
    PlanModel plan;
    Editor editor(prng, plan);
    editor.MakePlan();
    Writer writer(prng);
    const Documents before{writer.Plan(plan), kFourDatabases, plan.sheets};
    const Documents rewritten{writer.Plan(plan), kFourDatabases, plan.sheets};
    Lines expected = editor.Edit();
    std::sort(expected.begin(), expected.end());
    const Documents after{writer.Plan(plan), kFourDatabases, plan.sheets};

    const Simulated a(before), same(rewritten), b(after);
    ASSERT_TRUE(a.ok() && same.ok() && b.ok()) << "seed " << seed;
    const PlanDiff nothing = DiffPlans(a.side(), same.side());
    ASSERT_TRUE(nothing.empty()) << "seed " << seed << "\n"
                                 << testing::PrintToString(MessagesOf(nothing));
    ASSERT_TRUE(nothing.schedule.tasks.empty() && nothing.schedule.turns.empty())
        << "seed " << seed;
    const PlanDiff diff = DiffPlans(a.side(), b.side());
    ASSERT_EQ(Told(diff, expected), expected)
        << "seed " << seed << "\n"
        << testing::PrintToString(MessagesOf(diff)) << before.plan << "\n"
        << after.plan;
  }
}

TEST(PlanDiffProperty, TheOtherWayRoundIsTheSameMirrored) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    Prng prng(seed);
    PlanModel plan;
    Editor editor(prng, plan);
    editor.MakePlan();
    Writer writer(prng);
    const Simulated a({writer.Plan(plan), kFourDatabases, plan.sheets});
    for (std::uint64_t i = 0, n = 1 + prng.Below(12); i < n; ++i) editor.Edit();
    const Simulated b({writer.Plan(plan), kFourDatabases, plan.sheets});
    ASSERT_TRUE(a.ok() && b.ok()) << "seed " << seed;
    const PlanDiff there = DiffPlans(a.side(), b.side());
    const PlanDiff back = DiffPlans(b.side(), a.side());
    ASSERT_EQ(Described(there), Described(back, /*mirrored=*/true)) << "seed " << seed;
    ASSERT_EQ(Schedule(there.schedule, false), Schedule(back.schedule, true)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace lockstep::api
