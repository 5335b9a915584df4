// Methods: what Answer can be asked, one function each. A request is read before; its answer is
// JSON and attachments.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/api/message.h"
#include "core/api/request.h"
#include "core/base/json_writer.h"
#include "core/diagnostics/render.h"

namespace lockstep::api {

// methods_documents.cc
Message Validate(Request request);
Message Outline(Request request);
Message Convert(Request request);
Message Statements(Request request);
Message Import(Request request);

// methods_rollout.cc
Message Expand(Request request);
Message Simulate(Request request);
Message MakeTimeline(Request request);
Message AnswerStudy(Request request);
Message Render(Request request);
Message AnswerSemantics(Request request);
Message Diff(Request request);

// methods_history.cc
Message Replay(Request request);
Message AnswerComparison(Request request);
Message Learn(Request request);

/// As `lockstep run` makes it, which takes durations from a scenario and no caps. Nothing when the
/// plan has errors. `pace`: where the scenario says nothing.
std::optional<rollout::Rollout> ExpandRun(const Workspace& workspace, const rollout::Pace& pace);
/// The same as the scenario assumes it: with its caps, too.
std::optional<rollout::Rollout> ExpandIn(const Workspace& workspace, const rollout::Pace& pace);

/// {"error":{"message"}}
std::string ErrorAnswer(const base::Error& error);
/// The member "error" of an answer that has others.
void WriteError(base::JsonWriter& writer, const base::Error& error);

using Attachments = std::vector<std::string>;
/// {"attachment": n}
void WriteAttachment(base::JsonWriter& writer, std::string text, Attachments& attachments);

/// Answers with the diagnostics of the documents and what `add` writes after them: JSON, and bytes
/// into the attachments.
template <class Add>
Message AnswerTo(Request request, Add add) {
  const auto workspace = Workspace::Read(std::move(request.inputs), request.options);
  Message answer;
  base::JsonWriter writer;
  writer.BeginObject().Key("diagnostics");
  diagnostics::WriteJson(writer, workspace->sources(), workspace->diagnostics());
  add(writer, request, *workspace, answer.attachments);
  answer.json = writer.EndObject().Take();
  return answer;
}

}  // namespace lockstep::api
