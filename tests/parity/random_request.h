// Seeded requests to core/api: plans, inventories, sheets and scenarios, well-formed and broken.
#pragma once

#include <string>

#include "core/api/message.h"
#include "core/base/prng.h"

namespace lockstep::parity {

struct Request {
  std::string method;
  api::Message message;
};

/// The same seed gives the same request.
Request MakeRequest(std::uint64_t seed);

/// Puts documents beside the JSON, or into it when `inside` and they are UTF-8.
class RequestWriter {
 public:
  explicit RequestWriter(bool inside = false) : inside_(inside) {}
  void Text(std::string_view key, std::string text);
  void Sheet(std::string name, std::string text);
  /// REQUIRES another member before it.
  void Table(std::string json) { members_ += ",\"table\":" + std::move(json); }
  /// A second plan with its inventory; with a sheet when the first has any.
  void Other(std::string plan, std::string inventory);
  void HasSheets() { has_sheets_ = true; }  ///< even when there are none
  void Options(std::string json) { options_ = std::move(json); }
  void Drawing(std::string json) { drawing_ = std::move(json); }
  api::Message Take();

 private:
  std::string Embed(std::string text);

  bool inside_, has_sheets_ = false;
  std::string members_, sheets_, options_, drawing_;
  std::vector<std::string> attachments_;
};

}  // namespace lockstep::parity
