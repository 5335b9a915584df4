// Events as JSON lines, both ways (schemas/event.schema.json).
#include <charconv>
#include <optional>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/json/document.h"
#include "core/rollout/event.h"

namespace lockstep::rollout {
namespace {

using base::Error;
using base::ErrorCode;
using base::JsonWriter;
using base::Result;

constexpr std::string_view kNoGate = "none", kTerminal = "terminal";

// ---- writing ----

class FactWriter {
 public:
  FactWriter(JsonWriter& writer, const Rollout& rollout) : writer_(writer), rollout_(rollout) {}

  void operator()(const RolloutStarted& fact) {
    writer_.Member("runner", fact.runner);
    if (*fact.policy) WritePolicy(**fact.policy);
  }
  void operator()(const StageStarted& fact) { Stage(fact.stage); }
  void operator()(const StageEnded& fact) { Stage(fact.stage); }
  void operator()(const TaskRunCreated& fact) { Run(fact.task, fact.attempt); }
  void operator()(const TaskRunStarted& fact) { Run(fact.task, fact.attempt); }
  void operator()(const TaskRunWaiting& fact) {
    Run(fact.task, fact.attempt);
    Optional("detail", fact.detail);
  }
  void operator()(const TaskRunEnded& fact) {
    Run(fact.task, fact.attempt);
    writer_.Member("outcome", ToString(fact.outcome));
    if (fact.error) WriteError(*fact.error);
    Optional("detail", fact.detail);
  }
  void operator()(const TaskRunResolved& fact) {
    Run(fact.task, fact.attempt);
    writer_.Member("resolution", ToString(fact.resolution));
    Optional("detail", fact.detail);
  }
  void operator()(const TaskSkipped& fact) { Reasoned(fact.task, fact.reason); }
  void operator()(const CancelRequested& fact) {
    Reasoned(fact.task, fact.reason);
    if (fact.pause) writer_.MemberBool("pause", true);
  }
  void operator()(const RolloutPaused& fact) { Optional("reason", fact.reason); }
  void operator()(const RolloutEnded&) {}

 private:
  void Optional(std::string_view key, std::string_view text) {
    if (!text.empty()) writer_.Member(key, text);
  }
  void Optional(std::string_view key, std::uint32_t number) {
    if (number != 0) writer_.Member(key, static_cast<std::int64_t>(number));
  }
  void Stage(StageIndex stage) { writer_.Member("stage", rollout_.StageName(stage)); }
  void Run(TaskIndex task, std::uint32_t attempt) {
    writer_.Member("task", rollout_.TaskName(task))
        .Member("attempt", static_cast<std::int64_t>(attempt));
  }
  void Reasoned(TaskIndex task, std::string_view reason) {
    writer_.Member("task", rollout_.TaskName(task));
    Optional("reason", reason);
  }
  /// Of a rollout without any limit {}: that is told, too.
  void WritePolicy(const Policy& policy) {
    writer_.Key("policy").BeginObject();
    Optional("parallel", policy.parallel);
    Optional("canary", policy.canary);
    if (policy.max_failures) writer_.Member("maxFailures", std::int64_t{*policy.max_failures});
    if (policy.on_request) writer_.MemberBool("onRequest", true);
    if (policy.stage_gate == Policy::StageGate::kNone) writer_.Member("stageGate", kNoGate);
    if (policy.terminal_end_state) writer_.Member("endState", kTerminal);
    writer_.EndObject();
  }
  void WriteError(const TaskError& error) {
    writer_.Key("error").BeginObject().Member("message", error.message);
    Optional("code", error.code);
    Optional("statement", error.statement);
    Optional("line", error.line);
    Optional("column", error.column);
    Optional("detail", error.detail);
    Optional("hint", error.hint);
    writer_.EndObject();
  }

  JsonWriter& writer_;
  const Rollout& rollout_;
};

// ---- reading ----

// The members of an event line. The first one that is missing or malformed is the error.
class FactReader {
 public:
  FactReader(json::Value object, const Rollout& rollout) : object_(object), rollout_(rollout) {}

  std::string Text(std::string_view key, bool required) {
    const auto value = object_.Find(key);
    if (!value && !required) return "";
    if (!value || value->kind() != json::Kind::kString) return Fail(key, "a string"), "";
    return std::string(value->AsString());
  }
  std::uint64_t Number(std::string_view key, bool required) {
    const auto value = object_.Find(key);
    if (!value && !required) return 0;
    std::uint64_t number = 0;
    if (value && value->kind() == json::Kind::kNumber) {
      const std::string_view text = value->NumberText();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc() && end == text.data() + text.size()) return number;
    }
    return Fail(key, "a whole number"), 0;
  }
  std::uint32_t Number32(std::string_view key, bool required) {
    const std::uint64_t number = Number(key, required);
    if (number > 0xffffffff) Fail(key, "a smaller number");
    return static_cast<std::uint32_t>(number);
  }
  bool Flag(std::string_view key) {
    const auto value = object_.Find(key);
    if (!value) return false;
    if (value->kind() != json::Kind::kBool) return Fail(key, "true or false"), false;
    return value->AsBool();
  }
  /// Whether a text is there; it can only be this one.
  bool Is(std::string_view key, std::string_view only) {
    if (!object_.Find(key)) return false;
    if (Text(key, true) != only) Fail(key, base::Quote(only));
    return true;
  }
  TaskIndex Task() {
    const auto task = rollout_.FindTask(Text("task", true));
    if (!task) Fail("task", "a task of this rollout");
    return task.value_or(TaskIndex());
  }
  StageIndex Stage() {
    const auto stage = rollout_.FindStage(Text("stage", true));
    if (!stage) Fail("stage", "a stage of this rollout");
    return stage.value_or(StageIndex());
  }
  template <class Enum>
  Enum OneOf(std::string_view key, std::initializer_list<Enum> values) {
    const std::string text = Text(key, true);
    for (Enum value : values) {
      if (ToString(value) == text) return value;
    }
    Fail(key, "one of its values");
    return *values.begin();
  }
  TaskError ReadError() {
    const auto value = object_.Find("error");
    if (!value) return {};
    if (value->kind() != json::Kind::kObject) return Fail("error", "an object"), TaskError();
    FactReader reader(*value, rollout_);
    TaskError error{reader.Text("message", true),        reader.Text("code", false),
                    reader.Number32("statement", false), reader.Number32("line", false),
                    reader.Number32("column", false),    reader.Text("detail", false),
                    reader.Text("hint", false)};
    if (reader.problem_) problem_ = reader.problem_;
    return error;
  }
  std::optional<Policy> ReadPolicy() {
    const auto value = object_.Find("policy");
    if (!value) return std::nullopt;
    if (value->kind() != json::Kind::kObject) return Fail("policy", "an object"), std::nullopt;
    FactReader reader(*value, rollout_);
    Policy policy;
    policy.parallel = reader.Number32("parallel", false);
    policy.canary = reader.Number32("canary", false);
    if (value->Find("maxFailures")) policy.max_failures = reader.Number32("maxFailures", true);
    policy.on_request = reader.Flag("onRequest");
    if (reader.Is("stageGate", kNoGate)) policy.stage_gate = Policy::StageGate::kNone;
    policy.terminal_end_state = reader.Is("endState", kTerminal);
    if (reader.problem_) problem_ = reader.problem_;
    return policy;
  }
  std::optional<Fact> ReadFact(std::string_view type) {
    if (type == "rollout_started") return RolloutStarted{Text("runner", true), ReadPolicy()};
    if (type == "stage_started") return StageStarted{Stage()};
    if (type == "stage_ended") return StageEnded{Stage()};
    if (type == "task_run_created") return TaskRunCreated{Task(), Number32("attempt", true)};
    if (type == "task_run_started") return TaskRunStarted{Task(), Number32("attempt", true)};
    if (type == "task_run_waiting")
      return TaskRunWaiting{Task(), Number32("attempt", true), Text("detail", false)};
    if (type == "task_run_ended") {
      const Outcome outcome = OneOf(
          "outcome", {Outcome::kSucceeded, Outcome::kFailed, Outcome::kCanceled, Outcome::kLost});
      return TaskRunEnded{Task(), Number32("attempt", true), outcome, ReadError(),
                          Text("detail", false)};
    }
    if (type == "task_run_resolved") {
      const Resolution resolution = OneOf(
          "resolution", {Resolution::kCommitted, Resolution::kNotApplied, Resolution::kFailed});
      return TaskRunResolved{Task(), Number32("attempt", true), resolution, Text("detail", false)};
    }
    if (type == "task_skipped") return TaskSkipped{Task(), Text("reason", false)};
    if (type == "cancel_requested")
      return CancelRequested{Task(), Text("reason", false), Flag("pause")};
    if (type == "rollout_paused") return RolloutPaused{Text("reason", false)};
    if (type == "rollout_ended") return RolloutEnded{};
    return std::nullopt;
  }

  const std::optional<std::string>& problem() const { return problem_; }

 private:
  void Fail(std::string_view key, std::string_view expected) {
    if (!problem_) problem_ = base::Quote(key) + " is not " + std::string(expected);
  }
  json::Value object_;
  const Rollout& rollout_;
  std::optional<std::string> problem_;
};

Error Malformed(std::string why) {
  return {ErrorCode::kCorrupt, "this is not an event of the rollout: " + std::move(why)};
}

}  // namespace

std::string ToJson(const Event& event, const Rollout& rollout) {
  JsonWriter writer;
  writer.BeginObject().Member("sequence", static_cast<std::int64_t>(event.sequence));
  writer.Member("at", base::FormatInstant(event.at)).Member("type", TypeName(event.fact));
  std::visit(FactWriter(writer, rollout), event.fact);
  return writer.EndObject().Take();
}

Result<Event> FromJson(std::string_view line, const Rollout& rollout) {
  const diagnostics::Source source("event", std::string(line));
  diagnostics::Emitter emitter;
  const auto document = json::Document::Parse(diagnostics::SourceId(0), source, {}, emitter);
  if (!document) return Malformed(emitter.diagnostics().front().message);
  if (document->root().kind() != json::Kind::kObject) return Malformed("it is not an object");

  FactReader reader(document->root(), rollout);
  Event event;
  event.sequence = reader.Number("sequence", true);
  const auto at = base::ParseTimestamp(reader.Text("at", true));
  if (!at) return Malformed("\"at\" is not a time");
  event.at = base::ToInstant(*at);
  const std::string type = reader.Text("type", true);
  std::optional<Fact> fact = reader.ReadFact(type);
  if (reader.problem()) return Malformed(*reader.problem());
  if (!fact) return Malformed("its type " + base::Quote(type) + " is not known");
  event.fact = std::move(*fact);
  return event;
}

}  // namespace lockstep::rollout
