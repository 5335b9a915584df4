#include "core/api/api.h"

#include <map>
#include <optional>
#include <utility>

#include "core/api/answers.h"
#include "core/api/workspace.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/diagnostics/render.h"
#include "core/names/resource_name.h"

namespace lockstep::api {
namespace {

using base::Error;
using base::ErrorCode;
using base::JsonWriter;
using base::Result;
using diagnostics::Source;

struct Request {
  Inputs inputs;
  Options options;
  std::uint32_t parallel = 0;
  std::string events;
};

// The request as it is read, member by member. The first mistake ends the reading.
class RequestReader {
 public:
  Result<Request> Read(std::string_view text) {
    diagnostics::Sources sources;
    diagnostics::Emitter emitter;
    const diagnostics::SourceId id = sources.Add(Source("request", std::string(text)));
    json::Limits limits;
    limits.max_bytes = 1ull << 30;  // several documents, each escaped; each has its own limit
    const auto document = json::Document::Parse(id, sources[id], limits, emitter);
    if (!document) return Fail("the request is not JSON: " + emitter.diagnostics().front().message);
    if (document->root().kind() != json::Kind::kObject) return Fail("the request is not an object");
    for (const json::Member member : document->root().members()) ReadMember(member);
    if (problem_) return Fail(*problem_);
    if (!text_.contains("plan")) return Fail("the request has no \"plan\"");
    return Finish();
  }

 private:
  static Error Fail(std::string message) {
    return {ErrorCode::kInvalidArgument, std::move(message)};
  }
  void Problem(std::string message) {
    if (!problem_) problem_ = std::move(message);
  }

  void ReadMember(const json::Member& member) {
    if (member.key == "sheets") {
      ReadSheets(member.value);
    } else if (member.key == "options") {
      ReadOptions(member.value);
    } else if (member.value.kind() == json::Kind::kString) {
      text_[std::string(member.key)] = member.value.AsString();
    } else if (!member.value.is_null()) {
      Problem("\"" + std::string(member.key) + "\" must be a string");
    }
  }

  void ReadSheets(json::Value value) {
    if (value.is_null()) return;
    if (value.kind() != json::Kind::kObject) return Problem("\"sheets\" must be an object");
    sheets_.emplace();
    for (const json::Member sheet : value.members()) {
      if (sheet.value.kind() != json::Kind::kString) return Problem("a sheet must be a string");
      sheets_->emplace_back(sheet.key, sheet.value.AsString());
    }
  }

  void ReadOptions(json::Value value) {
    if (value.is_null()) return;
    if (value.kind() != json::Kind::kObject) return Problem("\"options\" must be an object");
    for (const json::Member option : value.members()) ReadOption(option);
  }

  void ReadOption(const json::Member& option) {
    const json::Kind kind = option.value.kind();
    const auto bad = [&] {
      Problem("option \"" + std::string(option.key) + "\" has no such value");
    };
    if (option.key == "lenient" && kind == json::Kind::kBool) {
      request_.options.lenient = option.value.AsBool();
    } else if (option.key == "semantics" && kind == json::Kind::kString) {
      const auto semantics = plan::FindSemantics(option.value.AsString());
      semantics ? void(request_.options.semantics = *semantics) : bad();
    } else if (option.key == "now" && kind == json::Kind::kString) {
      const auto now = base::ParseTimestamp(option.value.AsString());
      now ? void(request_.options.now = base::ToInstant(*now)) : bad();
    } else if (option.key == "parallel" && kind == json::Kind::kNumber) {
      const auto parallel = names::ParseNumericId(option.value.NumberText());
      parallel&&* parallel >= 0 && *parallel <= 1000000
          ? void(request_.parallel = static_cast<std::uint32_t>(*parallel))
          : bad();
    } else if (option.key == "rules" && kind == json::Kind::kObject) {
      for (const json::Member rule : option.value.members()) ReadSeverity(rule);
    } else if (kind != json::Kind::kNull) {
      bad();
    }
  }

  void ReadSeverity(const json::Member& member) {
    const auto rule = diagnostics::FindRule(member.key);
    const auto severity = member.value.kind() == json::Kind::kString
                              ? diagnostics::ParseSeveritySetting(member.value.AsString())
                              : std::nullopt;
    if (!rule || !severity) {
      return Problem("rule " + base::Quote(member.key) +
                     " is not known, or its value is not error, warning, info or off");
    }
    request_.options.severities[*rule] = *severity;
  }

  std::optional<Source> TakeSource(const std::string& key, const char* default_name) {
    const auto text = text_.find(key);
    if (text == text_.end()) return std::nullopt;
    const auto name = text_.find(key + "Name");
    return Source(name == text_.end() ? default_name : name->second, std::move(text->second));
  }

  Request Finish() {
    request_.inputs.plan = *TakeSource("plan", "plan.json");
    request_.inputs.inventory = TakeSource("inventory", "inventory.json");
    request_.inputs.scenario = TakeSource("scenario", "scenario.json");
    if (sheets_) {
      request_.inputs.sheets = [sheets = std::move(*sheets_)](const inventory::Inventory*) {
        auto library = std::make_unique<inventory::InlineSheets>();
        for (const auto& [name, text] : sheets) library->Add(name, text);
        return library;
      };
    }
    request_.events = std::move(text_["events"]);
    return std::move(request_);
  }

  Request request_;
  std::map<std::string, std::string> text_;
  std::optional<std::vector<std::pair<std::string, std::string>>> sheets_;
  std::optional<std::string> problem_;
};

std::string ErrorAnswer(const Error& error) {
  JsonWriter writer;
  writer.BeginObject().Key("error").BeginObject().Member("message", error.message);
  return writer.EndObject().EndObject().Take();
}

// Reads the request and answers with its diagnostics and what `add` writes after them. `add` gets
// null instead of a rollout when the plan has errors.
template <class Add>
std::string Answer(std::string_view request_text, Add add) {
  Result<Request> request = RequestReader().Read(request_text);
  if (!request.ok()) return ErrorAnswer(request.error());
  const auto workspace = Workspace::Read(std::move(request->inputs), request->options);
  JsonWriter writer;
  writer.BeginObject().Key("diagnostics");
  diagnostics::WriteJson(writer, workspace->sources(), workspace->diagnostics());
  add(writer, *request, *workspace);
  return writer.EndObject().Take();
}

std::optional<rollout::Rollout> ExpandIn(const Workspace& workspace, std::uint32_t parallel) {
  if (workspace.checked() == nullptr) return std::nullopt;
  rollout::ExpandOptions options;
  options.parallel = workspace.scenario().parallel.value_or(parallel);
  return rollout::Expand(*workspace.checked(), options);
}

Result<std::vector<rollout::Event>> ReadEvents(std::string_view text,
                                               const rollout::Rollout& rollout) {
  std::vector<rollout::Event> events;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line == "\r") continue;
    Result<rollout::Event> event = rollout::FromJson(line, rollout);
    if (!event.ok()) {
      return Error{event.error().code,
                   "line " + std::to_string(number) + ": " + event.error().message};
    }
    events.push_back(std::move(*event));
  }
  return events;
}

void WriteReplay(JsonWriter& writer, const rollout::Rollout& rollout, std::string_view text) {
  Result<std::vector<rollout::Event>> events = ReadEvents(text, rollout);
  Result<rollout::Scheduler> scheduler =
      events.ok() ? rollout::Scheduler::Resume(rollout, *events) : events.error();
  if (!scheduler.ok()) {
    writer.Key("status").Null().Key("error").BeginObject();
    writer.Member("message", scheduler.error().message).EndObject();
    return;
  }
  writer.Key("status").Raw(StatusAnswer(*scheduler, *events));
}

}  // namespace

std::string Validate(std::string_view request) {
  return Answer(request, [](JsonWriter&, const Request&, const Workspace&) {});
}

std::string Expand(std::string_view request) {
  return Answer(request, [](JsonWriter& writer, const Request& read, const Workspace& workspace) {
    const auto rollout = ExpandIn(workspace, read.parallel);
    writer.Key("rollout");
    rollout ? writer.Raw(RolloutAnswer(*rollout)) : writer.Null();
  });
}

std::string Simulate(std::string_view request) {
  return Answer(request, [](JsonWriter& writer, const Request& read, const Workspace& workspace) {
    const auto rollout = ExpandIn(workspace, read.parallel);
    if (!rollout) {
      writer.Key("simulation").Null().Key("events").BeginArray().EndArray();
      return;
    }
    sim::Scenario scenario = workspace.scenario();
    if (!scenario.start) scenario.start = read.options.now;
    const sim::Timeline timeline = sim::Simulate(*rollout, scenario, {});
    writer.Key("simulation").Raw(SimulationAnswer(*rollout, timeline));
    writer.Key("events").BeginArray();
    for (const rollout::Event& event : timeline.events)
      writer.Raw(rollout::ToJson(event, *rollout));
    writer.EndArray();
  });
}

std::string Replay(std::string_view request) {
  return Answer(request, [](JsonWriter& writer, const Request& read, const Workspace& workspace) {
    const auto rollout = ExpandIn(workspace, read.parallel);
    rollout ? WriteReplay(writer, *rollout, read.events) : void(writer.Key("status").Null());
  });
}

std::string Version() {
  return JsonWriter().BeginObject().Member("version", base::Version()).EndObject().Take();
}

}  // namespace lockstep::api
