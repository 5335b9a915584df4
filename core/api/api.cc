#include "core/api/api.h"

#include <cstdlib>
#include <optional>
#include <utility>

#include "core/api/answers.h"
#include "core/api/replay.h"
#include "core/api/request.h"
#include "core/api/rules.h"
#include "core/api/timeline_columns.h"
#include "core/base/check.h"
#include "core/base/json_writer.h"
#include "core/base/version.h"
#include "core/diagnostics/render.h"

namespace lockstep::api {
namespace {

using base::Error;
using base::JsonWriter;
using base::Result;

std::string ErrorAnswer(const Error& error) {
  JsonWriter writer;
  writer.BeginObject().Key("error").BeginObject().Member("message", error.message);
  return writer.EndObject().EndObject().Take();
}

// Reads the request and answers with its diagnostics and what `add` writes after them: JSON, and
// bytes into the attachments.
template <class Add>
Message AnswerTo(Message message, Add add) {
  Result<Request> request = ReadRequest(std::move(message));
  if (!request.ok()) return {ErrorAnswer(request.error()), {}};
  const auto workspace = Workspace::Read(std::move(request->inputs), request->options);
  Message answer;
  JsonWriter writer;
  writer.BeginObject().Key("diagnostics");
  diagnostics::WriteJson(writer, workspace->sources(), workspace->diagnostics());
  add(writer, *request, *workspace, answer.attachments);
  answer.json = writer.EndObject().Take();
  return answer;
}

using Attachments = std::vector<std::string>;

/// Nothing when the plan has errors.
std::optional<rollout::Rollout> ExpandIn(const Workspace& workspace, const rollout::Pace& pace) {
  if (workspace.checked() == nullptr) return std::nullopt;
  rollout::ExpandOptions options;
  options.pace = workspace.scenario().pace.Or(pace);
  return rollout::Expand(*workspace.checked(), options);
}

sim::Timeline SimulateIn(const Workspace& workspace, const Request& request,
                         const rollout::Rollout& rollout, const sim::SimulateOptions& options) {
  sim::Scenario scenario = workspace.scenario();
  if (!scenario.start) scenario.start = request.options.now;
  return sim::Simulate(rollout, scenario, options);
}

Message Validate(Message message) {
  return AnswerTo(std::move(message), [](auto&&...) {});
}

Message Expand(Message message) {
  return AnswerTo(std::move(message), [](JsonWriter& writer, const Request& request,
                                         const Workspace& workspace, Attachments&) {
    const auto rollout = ExpandIn(workspace, request.pace);
    writer.Key("rollout");
    rollout ? writer.Raw(RolloutAnswer(*rollout)) : writer.Null();
  });
}

Message Simulate(Message message) {
  return AnswerTo(std::move(message), [](JsonWriter& writer, const Request& request,
                                         const Workspace& workspace, Attachments&) {
    const auto rollout = ExpandIn(workspace, request.pace);
    if (!rollout) {
      writer.Key("simulation").Null().Key("events").BeginArray().EndArray();
      return;
    }
    const sim::Timeline timeline = SimulateIn(workspace, request, *rollout, {});
    writer.Key("simulation").Raw(SimulationAnswer(*rollout, timeline));
    writer.Key("events").BeginArray();
    for (const rollout::Event& event : timeline.events)
      writer.Raw(rollout::ToJson(event, *rollout));
    writer.EndArray();
  });
}

Message Timeline(Message message) {
  return AnswerTo(std::move(message), [](JsonWriter& writer, const Request& request,
                                         const Workspace& workspace, Attachments& attachments) {
    const auto rollout = ExpandIn(workspace, request.pace);
    writer.Key("timeline");
    if (!rollout) return void(writer.Null());
    const sim::Timeline timeline =
        SimulateIn(workspace, request, *rollout, {.keep_events = false, .keep_waits = true});
    WriteTimelineColumns(writer, *rollout, timeline, attachments);
  });
}

Message Replay(Message message) {
  return AnswerTo(std::move(message), [](JsonWriter& writer, const Request& request,
                                         const Workspace& workspace, Attachments& attachments) {
    auto rollout = ExpandIn(workspace, request.pace);
    if (rollout) rollout->name = RolloutNameIn(request.events);
    const auto replayed =
        rollout ? ReplayEvents(*rollout, request.events) : Result<Replayed>(Error{});
    if (replayed.ok()) {
      writer.Key("status").Raw(StatusAnswer(replayed->scheduler, replayed->events));
      writer.Key("timeline");
      return WriteTimelineColumns(writer, *rollout, TimelineOf(*replayed), attachments);
    }
    writer.Key("status").Null().Key("timeline").Null();
    if (!rollout) return;
    writer.Key("error").BeginObject().Member("message", replayed.error().message).EndObject();
  });
}

Message Rules(Message) {
  return {RulesJson(), {}};
}

Message Version(Message) {
  return {JsonWriter().BeginObject().Member("version", base::Version()).EndObject().Take(), {}};
}

struct Method {
  std::string_view name;
  Message (*answer)(Message);
};
constexpr Method kMethods[] = {
    {"validate", Validate}, {"expand", Expand}, {"simulate", Simulate}, {"timeline", Timeline},
    {"replay", Replay},     {"rules", Rules},   {"version", Version},
};

}  // namespace

Message Answer(std::string_view method, Message request) {
  for (const Method& known : kMethods) {
    if (known.name == method) return known.answer(std::move(request));
  }
  LOCKSTEP_CHECK(false, "a shell asks for a method that is not there");
  std::abort();
}

}  // namespace lockstep::api
