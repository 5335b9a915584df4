#include "core/api/api.h"

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

Message TellVersion(Request) {
  return {JsonWriter().BeginObject().Member("version", base::Version()).EndObject().Take(), {}};
}

Message ListRules(Request) {
  return {RulesJson(), {}};
}

}  // namespace

std::span<const Method> EditingMethods() {
  static constexpr Method kMethods[] = {
      {"validate", "plan", &Validate},      {"outline", "plan", &Outline},
      {"statements", "sheet", &Statements}, {"expand", "plan", &Expand},
      {"simulate", "plan", &Simulate},      {"timeline", "plan", &MakeTimeline},
      {"replay", "plan", &Replay},          {"render", "plan", &Render},
      {"version", "", &TellVersion},
  };
  return kMethods;
}

std::span<const Method> OccasionalMethods() {
  static constexpr Method kMethods[] = {
      {"study", "plan", &AnswerStudy}, {"diff", "plan", &Diff},   {"convert", "plan", &Convert},
      {"import", "tool", &Import},     {"rules", "", &ListRules},
  };
  return kMethods;
}

namespace {

const Method* Find(std::span<const Method> methods, std::string_view name) {
  for (const Method& method : methods) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

Message Answer(const Method& method, Message message, const base::TimeZones& time_zones) {
  if (method.required.empty()) return method.answer({});
  base::Result<Request> request = ReadRequest(std::move(message), method.required);
  if (!request.ok()) return {ErrorAnswer(request.error()), {}};
  request->options.time_zones = time_zones;
  return method.answer(std::move(*request));
}

}  // namespace

Message Answer(std::span<const Method> offered, std::string_view name, Message request,
               const base::TimeZones& time_zones) {
  const Method* const method = Find(offered, name);
  LOCKSTEP_CHECK(method != nullptr, "a shell asks for a method that is not there");
  return Answer(*method, std::move(request), time_zones);
}

Message Answer(std::string_view name, Message request, const base::TimeZones& time_zones) {
  const bool editing = Find(EditingMethods(), name) != nullptr;
  return Answer(editing ? EditingMethods() : OccasionalMethods(), name, std::move(request),
                time_zones);
}

}  // namespace lockstep::api
