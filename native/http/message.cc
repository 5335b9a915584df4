#include "native/http/message.h"

#include <algorithm>

#include "core/base/json_writer.h"

namespace lockstep::http {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

/// -1: not a digit.
int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// In queries, and only there, "+" is a blank.
std::optional<std::string> QueryDecoded(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return PercentDecoded(blanks);
}

bool ParseQuery(std::string_view text, Request& request) {
  while (!text.empty()) {
    const std::string_view parameter = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), parameter.size() + 1));
    if (parameter.empty()) continue;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    auto key = QueryDecoded(parameter.substr(0, equals));
    auto value = QueryDecoded(parameter.substr(std::min(equals + 1, parameter.size())));
    if (!key || !value) return false;
    request.query.emplace_back(std::move(*key), std::move(*value));
  }
  return true;
}

}  // namespace

Response ErrorResponse(int status, RpcCode code, std::string_view message) {
  base::JsonWriter json;
  json.BeginObject().Member("code", static_cast<std::int64_t>(code)).Member("message", message);
  json.Key("details").BeginArray().EndArray().EndObject();
  Response response;
  response.status = status;
  response.body = json.Take();
  return response;
}

std::optional<std::string> PercentDecoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexValue(text[i + 1]), low = HexValue(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kHexDigits[byte / 16];
    encoded += kHexDigits[byte % 16];
  }
  return encoded;
}

bool ParseTarget(std::string_view target, Request& request) {
  constexpr std::string_view kScheme = "http://";
  if (target.starts_with(kScheme)) {  // as clients write it that believe to speak to a proxy
    target.remove_prefix(std::min(target.find('/', kScheme.size()), target.size()));
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  if (!request.path.starts_with('/') || !PercentDecoded(request.path)) return false;
  return question == target.size() || ParseQuery(target.substr(question + 1), request);
}

}  // namespace lockstep::http
