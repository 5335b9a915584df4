// What a scenario lets go wrong: failures, delays, locks, outages.
#include "core/sim/probability.h"
#include "core/sim/scenario_reader.h"

namespace lockstep::sim {
namespace {

using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Value;

constexpr std::int64_t kMostAttempts = 1'000'000;

template <class Item>
struct SelectingFrame {
  Item& item;
  Scenario::Selector& selector;
  const KnownNames& known;
};

template <class Item, base::Duration Item::*kMember>
void ReadLength(Reader& reader, SelectingFrame<Item>& frame, const Member& member) {
  if (const auto length = ReadDuration(reader, member.value)) frame.item.*kMember = *length;
}

/// Elements that select tasks by "spec" and "target".
template <class Item>
void ReadSelecting(Reader& reader, ScenarioFrame& frame, const Member& member,
                   const Message<SelectingFrame<Item>>& message, std::vector<Item>& items) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    Item item{};
    SelectingFrame<Item> inner{item, item.selector, frame.known};
    reader.ReadObject(element, message, inner);
    CheckSelects(reader, item.selector, element.span());
    items.push_back(std::move(item));
  });
}

/// From one moment to a later one.
void CheckInterval(Reader& reader, base::Duration from, base::Duration to, json::Span span) {
  if (from < to) return;
  reader.Report(Rule::kInvalidDuration, span,
                "this ends before it begins; \"from\" and \"to\" count from the start, and \"to\" "
                "comes later");
}

// ---- failures ----

using FailureFrame = SelectingFrame<Scenario::Failure>;

void ReadAttempts(Reader& reader, FailureFrame& frame, const Member& member) {
  const bool is_text = member.value.kind() == json::Kind::kString;
  const std::string_view text = is_text ? member.value.AsString() : std::string_view();
  const bool is_word = text.find_first_not_of("0123456789") != std::string_view::npos;
  if (text == "always") {
    frame.item.attempts = Scenario::kAlways;
  } else if (is_word || !Fits(member.value.kind(), Shape::kInteger)) {
    reader.Report(Rule::kWrongType, member.value.span(),
                  "\"attempts\" is a number of attempts, or \"always\"");
  } else if (const auto attempts = reader.Integer(member.value, 1, kMostAttempts)) {
    frame.item.attempts = static_cast<std::uint32_t>(*attempts);
  }
}

void ReadProbability(Reader& reader, FailureFrame& frame, const Member& member) {
  std::optional<std::uint32_t> probability;
  if (member.value.kind() == json::Kind::kString)
    probability = ParseProbability(member.value.AsString());
  if (member.value.kind() == json::Kind::kNumber)
    probability = ParseProbability(member.value.NumberText());
  if (!probability) {
    reader.Report(Rule::kInvalidProbability, member.value.span(),
                  "this is not a probability; write it like \"5%\" or 0.05");
    return;
  }
  frame.item.probability = *probability;
}

void ReadMessage(Reader&, FailureFrame& frame, const Member& member) {
  frame.item.message = member.value.AsString();
}

constexpr Field<FailureFrame> kFailureFields[] = {
    {"spec", "spec", Shape::kText, &ReadSelectorSpec<FailureFrame>},
    {"target", "target", Shape::kText, &ReadSelectorTarget<FailureFrame>},
    {"attempts", "attempts", Shape::kAny, &ReadAttempts},
    {"probability", "probability", Shape::kAny, &ReadProbability},
    {"after", "after", Shape::kAny, &ReadLength<Scenario::Failure, &Scenario::Failure::after>},
    {"message", "message", Shape::kText, &ReadMessage},
};
constexpr Message<FailureFrame> kFailureMessage{"a failure", kFailureFields};

// ---- delays, locks ----

using DelayFrame = SelectingFrame<Scenario::Delay>;
constexpr Field<DelayFrame> kDelayFields[] = {
    {"spec", "spec", Shape::kText, &ReadSelectorSpec<DelayFrame>},
    {"target", "target", Shape::kText, &ReadSelectorTarget<DelayFrame>},
    {"by", "by", Shape::kAny, &ReadLength<Scenario::Delay, &Scenario::Delay::by>},
};
constexpr Message<DelayFrame> kDelay{"a delay", kDelayFields};

using LockFrame = SelectingFrame<Scenario::Lock>;
constexpr Field<LockFrame> kLockFields[] = {
    {"spec", "spec", Shape::kText, &ReadSelectorSpec<LockFrame>},
    {"target", "target", Shape::kText, &ReadSelectorTarget<LockFrame>},
    {"from", "from", Shape::kAny, &ReadLength<Scenario::Lock, &Scenario::Lock::from>},
    {"to", "to", Shape::kAny, &ReadLength<Scenario::Lock, &Scenario::Lock::to>},
    {"timeout", "timeout", Shape::kAny, &ReadLength<Scenario::Lock, &Scenario::Lock::timeout>},
};
constexpr Message<LockFrame> kLock{"a lock", kLockFields};

// ---- outages ----

struct OutageFrame {
  Scenario::Outage& outage;
  const KnownNames& known;
};

void ReadInstance(Reader& reader, OutageFrame& frame, const Member& member) {
  frame.outage.instance = member.value.AsString();
  frame.known.CheckInstance(reader, frame.outage.instance, member.value.span());
}

template <base::Duration Scenario::Outage::*kMember>
void ReadOutageTime(Reader& reader, OutageFrame& frame, const Member& member) {
  if (const auto time = ReadDuration(reader, member.value)) frame.outage.*kMember = *time;
}

constexpr Field<OutageFrame> kOutageFields[] = {
    {"instance", "instance", Shape::kText, &ReadInstance},
    {"from", "from", Shape::kAny, &ReadOutageTime<&Scenario::Outage::from>},
    {"to", "to", Shape::kAny, &ReadOutageTime<&Scenario::Outage::to>},
};
constexpr Message<OutageFrame> kOutage{"an outage", kOutageFields};

}  // namespace

void ReadFailures(Reader& reader, ScenarioFrame& frame, const Member& member) {
  ReadSelecting(reader, frame, member, kFailureMessage, frame.scenario.failures);
}

void ReadDelays(Reader& reader, ScenarioFrame& frame, const Member& member) {
  ReadSelecting(reader, frame, member, kDelay, frame.scenario.delays);
  for (const Value element : member.value.elements()) {
    if (element.kind() != json::Kind::kObject || element.Find("by")) continue;
    reader.Report(Rule::kInvalidDuration, element.span(),
                  "this delay does not say how long; give it \"by\"");
  }
}

void ReadLocks(Reader& reader, ScenarioFrame& frame, const Member& member) {
  std::size_t at = frame.scenario.locks.size();  // a member that is there twice adds to the first
  ReadSelecting(reader, frame, member, kLock, frame.scenario.locks);
  for (const Value element : member.value.elements()) {
    if (element.kind() != json::Kind::kObject) continue;
    const Scenario::Lock& lock = frame.scenario.locks[at++];
    CheckInterval(reader, lock.from, lock.to, element.span());
  }
}

void ReadOutages(Reader& reader, ScenarioFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    Scenario::Outage outage{};
    OutageFrame inner{outage, frame.known};
    reader.ReadObject(element, kOutage, inner);
    if (outage.instance.empty()) {
      reader.Report(Rule::kScenarioSelector, element.span(),
                    "this outage does not say of what; give it an \"instance\"");
    }
    CheckInterval(reader, outage.from, outage.to, element.span());
    frame.scenario.outages.push_back(std::move(outage));
  });
}

void AppendDisturbanceTables(std::vector<json::MessageFields>& tables) {
  tables.push_back(Describe(kFailureMessage));
  tables.push_back(Describe(kDelay));
  tables.push_back(Describe(kLock));
  tables.push_back(Describe(kOutage));
}

}  // namespace lockstep::sim
