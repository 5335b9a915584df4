// Sheet: the message of SheetService (plan-semantics §1.8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.h"
#include "core/service/message.h"
#include "core/sql/engine.h"

namespace lockstep::service {

struct Sheet {
  std::string title, creator;
  sql::Engine engine{};
  std::string content;  ///< decoded; empty when it is not asked for

  static base::Result<Sheet> Read(std::string_view json);
  /// What of it is stored beside its content.
  std::string Stored() const;
};

/// So much of a text is in an answer, unless all of it is asked for.
constexpr std::size_t kShownBytes = 2 << 20;

struct SheetFacts {
  std::string name;
  base::Instant created{0};
  std::uint64_t size = 0;    ///< of the whole content
  bool with_content = true;  ///< as much of it as Sheet::content holds
};
/// With the places of its statements in the whole content, where the engine is known.
void WriteSheet(base::JsonWriter& writer, const Sheet& sheet, const SheetFacts& facts);

extern const json::Message<Sheet> kSheetMessage;

}  // namespace lockstep::service
