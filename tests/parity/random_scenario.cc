#include "tests/parity/random_scenario.h"

#include <cstdint>

#include "core/base/json_writer.h"

namespace lockstep::parity {
namespace {

using base::JsonWriter;
using base::Prng;
using Names = std::vector<std::string>;

class ScenarioMaker {
 public:
  ScenarioMaker(Prng& prng, const PlanNames& names) : prng_(prng), names_(names) {}

  std::string Scenario() {
    json_.BeginObject();
    if (Chance(2))
      json_.Member("start", Pick({"2026-11-22T03:37:00Z", "2026-03-28T22:15:00+02:00"}));
    if (Chance(3)) json_.Member("deadline", Length());
    if (Chance(3)) json_.Member("parallel", Number(0, 3));
    if (Chance(4)) json_.Member("canary", Number(0, 2));
    if (Chance(8)) json_.Member("maxFailures", Pick({"0", "1", "3", "2%", "50%", "100%"}));
    if (Chance(3)) json_.Member("seed", Number(0, 999));
    if (Chance(4)) {
      json_.Key("maximumConnections").BeginObject();
      json_.Member(Pick(names_.instances), Number(1, 3)).EndObject();
    }
    Durations();
    List("failures", [&] { Failure(); });
    List("delays", [&] { json_.Member("by", Length()); });
    List("locks", [&] {
      Times();
      if (Chance(2)) json_.Member("timeout", Length());
    });
    Outages();
    Commands();
    return json_.EndObject().Take();
  }

 private:
  void Durations() {
    json_.Key("durations").BeginObject().Key("default");
    Distribution();
    if (Chance(3)) {
      json_.Key("classes").BeginObject().Key("DDL");
      Distribution();
      json_.Key("DML").BeginObject().Key("small");
      Distribution();
      json_.EndObject().EndObject();
    }
    json_.Key("specs").BeginObject();
    for (const std::string& spec : names_.specs) {
      if (Chance(2)) continue;
      json_.Key(spec);
      if (!Chance(4)) {
        Distribution();
        continue;
      }
      json_.BeginObject().Key(Pick(names_.databases));
      Distribution();
      json_.EndObject();
    }
    json_.EndObject();
    if (Chance(3)) {
      json_.Key("targets").BeginObject().Key(Pick(names_.databases));
      Distribution();
      json_.Key(Pick(names_.instances));
      Distribution();
      json_.EndObject();
    }
    if (Chance(4)) {
      json_.Key("connect").BeginObject().Member("default", "40ms").Key("targets").BeginObject();
      json_.Member(Pick(names_.instances), "90ms").EndObject().EndObject();
    }
    json_.EndObject();
  }

  /// A length of time, percentiles of it, or lengths that were seen.
  void Distribution() {
    switch (Below(4)) {
      case 0:
        json_.BeginObject().Member("p50", "20s");
        if (Chance(2)) json_.Member("p5", "1.5s");
        if (Chance(2)) json_.Member("p99", Chance(20) ? "3s" : Pick({"21s", "10m"}));
        json_.EndObject();
        return;
      case 1:
        json_.BeginArray();
        for (std::uint64_t i = 0, n = 1 + Below(5); i < n; ++i) json_.String(Length());
        json_.EndArray();
        return;
      default:
        json_.String(Length());
    }
  }

  /// Seldom any, mostly one.
  template <class Write>
  void List(const char* name, Write write) {
    if (!Chance(3)) return;
    json_.Key(name).BeginArray();
    for (std::uint64_t i = 0, n = 1 + Below(2); i < n; ++i) {
      json_.BeginObject();
      if (Chance(2))
        json_.Member("target", Pick(Chance(3) ? names_.instances : names_.databases));
      else
        json_.Member("spec", Spec());
      write();
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Failure() {
    if (Chance(2))
      json_.Member("probability", Chance(20) ? "120%" : Pick({"5%", "0.5", "60%", "33.333%", "1"}));
    if (Chance(3))
      json_.Member("attempts", Number(1, 3));
    else if (Chance(3))
      json_.Member("attempts", "always");
    if (Chance(3)) json_.Member("after", Length());
    if (Chance(4)) json_.Member("message", "kaputt \xf0\x9f\x98\x80");
  }

  void Outages() {
    if (!Chance(4)) return;
    json_.Key("outages").BeginArray().BeginObject();
    json_.Member("instance", Pick(names_.instances));
    Times();
    json_.EndObject().EndArray();
  }

  void Times() {
    const std::int64_t from = Number(0, 60);
    json_.Member("from", std::to_string(from) + "s");
    json_.Member("to", std::to_string(from + Number(0, 90)) + "s");
  }

  void Commands() {
    if (!Chance(2)) return;
    json_.Key("commands").BeginArray().BeginObject();
    json_.Member("at", std::to_string(Below(60)) + "s");
    json_.Key(Pick({"retry", "skip", "cancel"})).BeginArray().String(Spec());
    json_.EndArray().EndObject().EndArray();
  }

  std::string Length() {
    return Pick({"3s", "1.5s", "0", "2m", "40s", "250ms", std::to_string(Below(100)) + "s"});
  }
  /// Seldom one that the plan does not have.
  std::string Spec() { return names_.specs.empty() || Chance(20) ? "s999" : Pick(names_.specs); }

  const std::string& Pick(const Names& names) { return names[Below(names.size())]; }
  std::string Pick(std::initializer_list<std::string> names) {
    return names.begin()[Below(names.size())];
  }
  std::int64_t Number(std::uint64_t least, std::uint64_t most) {
    return static_cast<std::int64_t>(least + Below(most - least + 1));
  }
  std::uint64_t Below(std::uint64_t bound) { return prng_.Below(bound); }
  bool Chance(std::uint64_t one_in) { return prng_.Below(one_in) == 0; }

  Prng& prng_;
  const PlanNames& names_;
  JsonWriter json_;
};

}  // namespace

std::string RandomScenario(Prng& prng, const PlanNames& names) {
  return ScenarioMaker(prng, names).Scenario();
}

std::string RandomWindow(Prng& prng) {
  const Names days = {"", "Sat ", "Mon-Fri,Sun ", "sunday ", "Fri-Mon ", "Caturday "};
  const Names hours = {"01:00-05:00", "22:00-04:00", "00:00-24:00", "02:30-03:00",
                       "01:00-01:01", "01:59-02:01", "5-6"};
  const Names zones = {"",
                       " UTC",
                       " Europe/Berlin",
                       " America/New_York",
                       " america/new_york",
                       " Asia/Kolkata",
                       " Australia/Lord_Howe",
                       " Pacific/Apia",
                       " US/Eastern",
                       " CET",
                       " PST",
                       " +01:00",
                       " Europe/Atlantis"};
  // The last ones are no windows, or of no zone that there is.
  const auto pick = [&](const Names& names, std::size_t wrong) {
    return names[prng.Below(prng.Below(12) == 0 ? names.size() : names.size() - wrong)];
  };
  const std::string first = pick(days, 1), second = pick(hours, 1);
  return first + second + pick(zones, 4);
}

}  // namespace lockstep::parity
