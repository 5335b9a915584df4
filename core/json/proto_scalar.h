// Scalars as proto3 JSON writes them where JSON itself has no word for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::json {

/// A JSON number with an integral value that fits 64 bits: "7", "-0", "1.0", "1e2". Nothing around
/// it.
std::optional<std::int64_t> ParseInteger(std::string_view number);

/// Base64, standard or URL-safe (not mixed), padded or not; line ends are skipped, as Go's decoder
/// does.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace lockstep::json
