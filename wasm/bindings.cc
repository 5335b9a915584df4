// The border between JavaScript and core/api: one message in, one message out, as bytes in this
// module's memory. Whoever calls writes the parts of a request (the JSON first, then its
// attachments) where `addPart` says, calls `answer`, and copies the parts of the answer before it
// calls again. LOCKSTEP_METHODS: which methods this module has (core/api/api.h).
#include <emscripten/bind.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/api/api.h"
#include "core/diagnostics/source.h"
#include "wasm/time_zones.h"

namespace {

using lockstep::api::Message;

std::vector<std::string> request_parts;
Message answer;

/// Room for a part of `size` bytes, as a number for resizePart.
std::size_t AddPart(std::size_t size) {
  std::string& part = request_parts.emplace_back();
  part.reserve(size + lockstep::diagnostics::Source::kPadding);  // taken over without a copy
  part.resize(size);
  return request_parts.size() - 1;
}

/// A text's size in UTF-8 is known only once it is written.
void ResizePart(std::size_t number, std::size_t size) {
  request_parts.at(number).reserve(size + lockstep::diagnostics::Source::kPadding);
  request_parts.at(number).resize(size);
}

/// Valid until the next call of anything: memory may grow, and then lies elsewhere.
emscripten::val PartMemory(std::size_t number) {
  std::string& part = request_parts.at(number);
  return emscripten::val(
      emscripten::typed_memory_view(part.size(), reinterpret_cast<std::uint8_t*>(part.data())));
}

/// The number of the answer's parts. The request is used up.
std::size_t Answer(std::string method) {
  Message request;
  if (!request_parts.empty()) {
    request.json = std::move(request_parts.front());
    request_parts.erase(request_parts.begin());
  }
  request.attachments = std::move(request_parts);
  request_parts = {};
  answer = lockstep::api::Answer(lockstep::api::LOCKSTEP_METHODS(), method, std::move(request),
                                 &lockstep::wasm::JavaScriptTimeZones);
  return 1 + answer.attachments.size();
}

/// Part 0 is the JSON, part n + 1 is attachment n.
emscripten::val AnswerMemory(std::size_t number) {
  const std::string& part = number == 0 ? answer.json : answer.attachments.at(number - 1);
  return emscripten::val(emscripten::typed_memory_view(
      part.size(), reinterpret_cast<const std::uint8_t*>(part.data())));
}

/// Gives the answer's memory back.
void Forget() {
  answer = {};
}

}  // namespace

EMSCRIPTEN_BINDINGS(lockstep) {
  emscripten::function("addPart", &AddPart);
  emscripten::function("resizePart", &ResizePart);
  emscripten::function("partMemory", &PartMemory);
  emscripten::function("answer", &Answer);
  emscripten::function("answerMemory", &AnswerMemory);
  emscripten::function("forget", &Forget);
}
