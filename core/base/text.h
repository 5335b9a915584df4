// Small text tools that the standard library lacks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lockstep::base {

/// "x" in quotes, control characters escaped, long text cut in the middle: for use inside messages.
std::string Quote(std::string_view text);

/// "1 task", "3 tasks".
std::string Plural(std::size_t count, std::string_view singular, std::string_view plural = {});

/// "12.5%", cut off, not rounded: "100%" only when it is all. REQUIRES whole > 0.
std::string Percent(std::uint64_t part, std::uint64_t whole);

/// Without blanks at both ends.
std::string_view Trim(std::string_view text, std::string_view blanks = " \t\r\n\v\f");

std::string Join(std::span<const std::string> parts, std::string_view separator);

/// The candidate nearest to `text` if it is near enough to be meant (Damerau-Levenshtein distance
/// of at most a third of the length, case ignored), else empty. First of equals wins.
std::string_view Nearest(std::string_view text, std::span<const std::string_view> candidates);

std::string ToLowerAscii(std::string_view text);
/// As Go's strconv.ParseBool, which Bytebase's server reads flags with: 1, t, T, TRUE, true, True,
/// and the same of false; empty when it is none of them.
std::optional<bool> ParseBool(std::string_view text);
bool EqualsIgnoreCaseAscii(std::string_view a, std::string_view b);

/// Offset of the first byte that is not part of well-formed UTF-8, or text.size().
std::size_t FirstInvalidUtf8(std::string_view text);

/// Display columns of a UTF-8 text in a terminal: wide characters count 2, combining ones 0.
std::size_t DisplayWidth(std::string_view text);

/// At most `width` columns, with "…" for what was cut. `text` without colours.
std::string Shorten(std::string_view text, std::size_t width);
/// Control characters as they must not reach a terminal: each becomes "?", tabs and line ends a
/// blank.
std::string Printable(std::string_view text);

}  // namespace lockstep::base
