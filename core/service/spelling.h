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

inline std::string CamelCase(std::string_view snake_case) {
  std::string text;
  for (std::size_t i = 0; i < snake_case.size(); ++i) {
    const bool joint = snake_case[i] == '_' && i + 1 < snake_case.size();
    if (joint) ++i;
    const char c = snake_case[i];
    text += joint && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

}  // namespace lockstep::service
