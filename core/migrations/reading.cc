#include "core/migrations/reading.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/check/version_order.h"

namespace lockstep::migrations {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

int Compare(const Migration& a, const Migration& b) {
  return check::CompareVersions(plan::VersionOrder::kNumericParts, a.version, b.version);
}

}  // namespace

Place StartOf(const File& file) {
  return {file.source, {0, 0}};
}

std::string_view FileName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool IsInSubfolder(std::string_view path) {
  return path.find('/') != std::string_view::npos;
}

std::size_t LeadingDigits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

std::string_view WithoutLeadingZeros(std::string_view digits) {
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size());
  return digits.substr(first < digits.size() ? first : digits.empty() ? 0 : digits.size() - 1);
}

std::string_view TakeWord(std::string_view& text) {
  text = Trim(text);
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text = Trim(text.substr(word.size()));
  return word;
}

bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  return base::EqualsIgnoreCaseAscii(text.substr(0, prefix.size()), prefix);
}

std::vector<Line> LinesOf(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t newline = std::min(text.find('\n', begin), text.size());
    const std::size_t end = std::min(newline + 1, text.size());
    std::string_view line = text.substr(begin, newline - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back({line, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    begin = end;
  }
  return lines;
}

Place PlaceOf(const File& file, const Line& line) {
  return {file.source, {line.begin, line.begin + static_cast<std::uint32_t>(line.text.size())}};
}

void SortByVersion(std::vector<Migration>& migrations) {
  std::stable_sort(migrations.begin(), migrations.end(),
                   [](const Migration& a, const Migration& b) { return Compare(a, b) < 0; });
}

void RefuseDuplicates(Reading& reading, std::string_view way_out) {
  for (std::size_t i = 1; i < reading.migrations.size(); ++i) {
    const Migration& first = reading.migrations[i - 1];
    const Migration& second = reading.migrations[i];
    if (second.version.empty() || Compare(first, second) != 0) continue;
    reading.Fail(second.place, "version " + base::Quote(second.version) + " is that of " +
                                   base::Quote(first.key) + ", too; " + std::string(way_out));
  }
}

}  // namespace lockstep::migrations
