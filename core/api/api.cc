#include "core/api/api.h"

#include <cstdlib>
#include <utility>

#include "core/api/methods.h"
#include "core/api/rules.h"
#include "core/base/check.h"
#include "core/base/version.h"

namespace lockstep::api {

using base::Error;
using base::JsonWriter;

std::string ErrorAnswer(const Error& error) {
  JsonWriter writer;
  writer.BeginObject();
  WriteError(writer, error);
  return writer.EndObject().Take();
}

void WriteError(JsonWriter& writer, const Error& error) {
  writer.Key("error").BeginObject().Member("message", error.message).EndObject();
}

void WriteAttachment(JsonWriter& writer, std::string text, Attachments& attachments) {
  writer.BeginObject().Member("attachment", static_cast<std::int64_t>(attachments.size()));
  writer.EndObject();
  attachments.push_back(std::move(text));
}

namespace {

struct Method {
  std::string_view name;
  std::string_view required;  ///< the member that a request must have
  Message (*answer)(Request);
};
constexpr Method kMethods[] = {
    {"validate", "plan", &Validate},
    {"expand", "plan", &Expand},
    {"simulate", "plan", &Simulate},
    {"timeline", "plan", &MakeTimeline},
    {"study", "plan", &AnswerStudy},
    {"semantics", "plan", &AnswerSemantics},
    {"render", "plan", &Render},
    {"replay", "plan", &Replay},
    {"compare", "plan", &AnswerComparison},
    {"learn", "plan", &Learn},
    {"diff", "plan", &Diff},
    {"outline", "plan", &Outline},
    {"statements", "sheet", &Statements},
    {"convert", "plan", &Convert},
    {"import", "tool", &Import},
};

}  // namespace

Message Answer(std::string_view method, Message message, const base::TimeZones& time_zones) {
  if (method == "rules") return {RulesJson(), {}};
  if (method == "version")
    return {JsonWriter().BeginObject().Member("version", base::Version()).EndObject().Take(), {}};
  for (const Method& known : kMethods) {
    if (known.name != method) continue;
    base::Result<Request> request = ReadRequest(std::move(message), known.required);
    if (!request.ok()) return {ErrorAnswer(request.error()), {}};
    request->options.time_zones = time_zones;
    return known.answer(std::move(*request));
  }
  LOCKSTEP_CHECK(false, "a shell asks for a method that is not there");
  std::abort();
}

}  // namespace lockstep::api
