// Described: what the messages of the services look like, as data: each field with its type, and
// whether a request may say it. Readers and writers (sheet.h, plan.h, …) say what is done with a
// field; this tells others that it is there. native/service/openapi writes it down, and tests hold
// each answer to it. Names are those of Bytebase's messages (plan-semantics §1): "Plan.Step".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lockstep::service::described {

/// As proto3 JSON writes it.
enum class Type : std::uint8_t {
  kText,
  kBool,
  kInt32,    ///< a number
  kInt64,    ///< a string of a number
  kTime,     ///< "2025-01-01T00:00:00Z"
  kBytes,    ///< base64, padded
  kAny,      ///< any JSON: of Bytebase, and of no use here
  kEnum,     ///< one of the names of Enums()
  kMessage,  ///< one of Messages()
};

/// What else is true of a field; any of them.
enum Trait : std::uint8_t {
  kAnswered = 1,  ///< only answers say it: a request that does changes nothing by it
  kList = 2,
  kMap = 4,        ///< from texts to what the type says
  kNullable = 8,   ///< an answer says null where there is none
  kOptional = 16,  ///< an answer may be without it; all others are always there
  kNeeded = 32,    ///< a request without it is refused
};

struct Field {
  std::string_view name;  ///< lowerCamel; requests may also use snake_case
  Type type;
  unsigned traits = 0;
  std::string_view of = "";    ///< the name of the message or of the enum
  std::string_view note = "";  ///< what its name does not say
};

struct Message {
  std::string_view name;
  std::span<const Field> fields;
};

struct Enum {
  std::string_view name;
  std::vector<std::string_view> values;
};

/// All that a method asks for or answers, and what those are made of. In no particular order.
std::vector<Message> Messages();
std::vector<Enum> Enums();

}  // namespace lockstep::service::described
