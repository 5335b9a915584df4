#include "core/api/api.h"

#include <cstdlib>
#include <optional>
#include <utility>

#include "core/api/answers.h"
#include "core/api/convert.h"
#include "core/api/import.h"
#include "core/api/outline.h"
#include "core/api/replay.h"
#include "core/api/request.h"
#include "core/api/rules.h"
#include "core/api/statements.h"
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
using diagnostics::Remark;

std::string ErrorAnswer(const Error& error) {
  JsonWriter writer;
  writer.BeginObject().Key("error").BeginObject().Member("message", error.message);
  return writer.EndObject().EndObject().Take();
}

// Reads the request and answers with its diagnostics and what `add` writes after them: JSON, and
// bytes into the attachments.
template <class Add>
Message AnswerTo(Message message, const base::TimeZones& time_zones, Add add) {
  Result<Request> request = ReadRequest(std::move(message), "plan");
  if (!request.ok()) return {ErrorAnswer(request.error()), {}};
  request->options.time_zones = time_zones;
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
  rollout::Rollout rollout = rollout::Expand(*workspace.checked(), options);
  sim::Constrain(rollout, workspace.scenario());
  return rollout;
}

constexpr sim::SimulateOptions kWithWaits{
    .keep_events = false, .keep_waits = true, .find_critical_path = true};
constexpr sim::SimulateOptions kTimesAlone{
    .keep_events = false, .keep_waits = false, .find_critical_path = false};

sim::Timeline SimulateIn(const Options& request, const rollout::Rollout& rollout,
                         sim::Scenario scenario, const sim::SimulateOptions& options) {
  if (!scenario.start) scenario.start = request.now;
  return sim::Simulate(rollout, scenario, options);
}

/// How the rollout would end without what the scenario breaks; null when it breaks nothing.
void WriteUndisturbed(JsonWriter& writer, const Request& request, const Workspace& workspace,
                      const rollout::Rollout& rollout) {
  writer.Key("undisturbed");
  if (!sim::IsDisturbed(workspace.scenario())) return void(writer.Null());
  const sim::Timeline timeline =
      SimulateIn(request.options, rollout, sim::Undisturbed(workspace.scenario()), kTimesAlone);
  writer.BeginObject().Member("status", rollout::ToString(timeline.status));
  writer.Member("makespan", (timeline.end - timeline.start).ms).EndObject();
}

void WriteError(JsonWriter& writer, const Error& error) {
  writer.Key("error").BeginObject().Member("message", error.message).EndObject();
}

Message Validate(Message message, const base::TimeZones& time_zones) {
  return AnswerTo(std::move(message), time_zones, [](auto&&...) {});
}

Message Expand(Message message, const base::TimeZones& time_zones) {
  return AnswerTo(
      std::move(message), time_zones,
      [](JsonWriter& writer, const Request& request, const Workspace& workspace, Attachments&) {
        const auto rollout = ExpandIn(workspace, request.pace);
        writer.Key("rollout");
        rollout ? writer.Raw(RolloutAnswer(*rollout)) : writer.Null();
      });
}

Message Simulate(Message message, const base::TimeZones& time_zones) {
  return AnswerTo(
      std::move(message), time_zones,
      [](JsonWriter& writer, const Request& request, const Workspace& workspace, Attachments&) {
        const auto rollout = ExpandIn(workspace, request.pace);
        if (!rollout) {
          writer.Key("simulation").Null().Key("events").BeginArray().EndArray();
          return;
        }
        const sim::Timeline timeline =
            SimulateIn(request.options, *rollout, workspace.scenario(), {});
        writer.Key("simulation").Raw(SimulationAnswer(*rollout, timeline));
        writer.Key("events").BeginArray();
        for (const rollout::Event& event : timeline.events)
          writer.Raw(rollout::ToJson(event, *rollout));
        writer.EndArray();
      });
}

Message Timeline(Message message, const base::TimeZones& time_zones) {
  return AnswerTo(std::move(message), time_zones,
                  [](JsonWriter& writer, const Request& request, const Workspace& workspace,
                     Attachments& attachments) {
                    const auto rollout = ExpandIn(workspace, request.pace);
                    writer.Key("timeline");
                    if (!rollout) return void(writer.Null());
                    const sim::Timeline timeline =
                        SimulateIn(request.options, *rollout, workspace.scenario(), kWithWaits);
                    WriteTimelineColumns(writer, *rollout, timeline, attachments);
                    WriteUndisturbed(writer, request, workspace, *rollout);
                  });
}

Message Outline(Message message, const base::TimeZones& time_zones) {
  return AnswerTo(std::move(message), time_zones,
                  [](JsonWriter& writer, const Request&, const Workspace& workspace, Attachments&) {
                    writer.Key("outline");
                    WriteOutline(writer, workspace);
                  });
}

/// Of a real run when there are events of one, else of a simulated one.
Message Render(Message message, const base::TimeZones& time_zones) {
  return AnswerTo(
      std::move(message), time_zones,
      [](JsonWriter& writer, const Request& request, const Workspace& workspace,
         Attachments& attachments) {
        auto rollout = ExpandIn(workspace, request.pace);
        std::optional<sim::Timeline> timeline;
        std::optional<Error> error;
        if (rollout && request.events.empty()) {
          timeline = SimulateIn(request.options, *rollout, workspace.scenario(), kWithWaits);
        } else if (rollout) {
          rollout->name = RolloutNameIn(request.events);
          const auto replayed = ReplayEvents(*rollout, request.events);
          replayed.ok() ? void(timeline = TimelineOf(*replayed)) : void(error = replayed.error());
        }
        writer.Key("drawing");
        timeline ? writer.BeginObject().Member("attachment", std::int64_t{0}).EndObject()
                 : writer.Null();
        if (error) WriteError(writer, *error);
        if (!timeline) return;
        attachments.push_back(view::DrawAs(*rollout, *timeline, request.drawing));
      });
}

Message Statements(Message message, const base::TimeZones&) {
  Result<Request> request = ReadRequest(std::move(message), "sheet");
  if (!request.ok()) return {ErrorAnswer(request.error()), {}};
  const auto engine = FindEngine(request->engine);
  if (!engine.ok()) return {ErrorAnswer(engine.error()), {}};
  diagnostics::Sources sources;
  const diagnostics::SourceId sheet = sources.Add(std::move(*request->sheet));
  return {StatementsAnswer(sources, sheet, SplitSheet(sources, sheet, *engine)), {}};
}

Message Replay(Message message, const base::TimeZones& time_zones) {
  return AnswerTo(
      std::move(message), time_zones,
      [](JsonWriter& writer, const Request& request, const Workspace& workspace,
         Attachments& attachments) {
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
        WriteError(writer, replayed.error());
      });
}

void WriteAttachment(JsonWriter& writer, std::string text, Attachments& attachments) {
  writer.BeginObject().Member("attachment", static_cast<std::int64_t>(attachments.size()));
  writer.EndObject();
  attachments.push_back(std::move(text));
}

Message Convert(Message message, const base::TimeZones& time_zones) {
  return AnswerTo(std::move(message), time_zones, [](JsonWriter& writer, const Request& request,
                                         const Workspace& workspace, Attachments& attachments) {
    writer.Key("plan");
    if (workspace.checked() == nullptr) {
      return void(writer.Null().Key("losses").BeginArray().EndArray());
    }
    auto converted = ConvertPlan(workspace, request.to, request.merge);
    converted.ok() ? WriteAttachment(writer, std::move(converted->plan), attachments)
                   : void(writer.Null());
    writer.Key("losses");
    diagnostics::WriteRemarks(writer, workspace.sources(),
                              converted.ok() ? converted->losses : std::vector<Remark>());
    if (!converted.ok()) WriteError(writer, converted.error());
  });
}

void WriteImported(JsonWriter& writer, FolderImport& made, Attachments& attachments) {
  const auto text_or_null = [&](std::string_view key, std::string& text) {
    writer.Key(key);
    text.empty() ? void(writer.Null()) : WriteAttachment(writer, std::move(text), attachments);
  };
  writer.BeginObject().Key("diagnostics");
  diagnostics::WriteJson(writer, made.sources, made.diagnostics);
  text_or_null("plan", made.imported.plan);
  writer.Key("sheets").BeginObject();
  for (auto& [file, text] : made.imported.sheets) {
    writer.Key(file);
    WriteAttachment(writer, std::move(text), attachments);
  }
  writer.EndObject();
  text_or_null("inventory", made.imported.inventory);
  writer.Key("notices");
  diagnostics::WriteRemarks(writer, made.sources, made.imported.notices);
  writer.Key("errors");
  diagnostics::WriteRemarks(writer, made.sources, made.imported.errors);
  writer.EndObject();
}

Message Import(Message message, const base::TimeZones&) {
  Result<Request> request = ReadRequest(std::move(message), "tool");
  if (!request.ok()) return {ErrorAnswer(request.error()), {}};
  if (!request->engine.empty()) {
    const auto engine = FindEngine(request->engine);
    if (!engine.ok()) return {ErrorAnswer(engine.error()), {}};
    request->import_options.engine = *engine;
  }
  auto made = ImportFolder("", std::move(request->files), std::move(request->inputs.inventory),
                           request->import_options);
  if (!made.ok()) return {ErrorAnswer(made.error()), {}};
  Message answer;
  JsonWriter writer;
  WriteImported(writer, *made, answer.attachments);
  answer.json = writer.Take();
  return answer;
}

Message Rules(Message, const base::TimeZones&) {
  return {RulesJson(), {}};
}

Message Version(Message, const base::TimeZones&) {
  return {JsonWriter().BeginObject().Member("version", base::Version()).EndObject().Take(), {}};
}

struct Method {
  std::string_view name;
  Message (*answer)(Message, const base::TimeZones&);
};
constexpr Method kMethods[] = {
    {"validate", Validate}, {"expand", Expand}, {"simulate", Simulate}, {"timeline", Timeline},
    {"replay", Replay},     {"render", Render}, {"outline", Outline},   {"statements", Statements},
    {"convert", Convert},   {"import", Import}, {"rules", Rules},       {"version", Version},
};

}  // namespace

Message Answer(std::string_view method, Message request, const base::TimeZones& time_zones) {
  for (const Method& known : kMethods) {
    if (known.name == method) return known.answer(std::move(request), time_zones);
  }
  LOCKSTEP_CHECK(false, "a shell asks for a method that is not there");
  std::abort();
}

}  // namespace lockstep::api
