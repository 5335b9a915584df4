// Names of fields have two spellings in proto3 JSON (plan-semantics §1): "camelCase", "snake_case".
#pragma once

#include <string>
#include <string_view>

namespace lockstep::service {

inline std::string SnakeCase(std::string_view camel_case) {
  std::string text;
  for (const char c : camel_case) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper) text += '_';
    text += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

}  // namespace lockstep::service
