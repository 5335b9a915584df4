#include "core/sql/words.h"

#include <array>

#include "core/base/text.h"

namespace lockstep::sql {
namespace {

constexpr std::string_view kSpellings[] = {"",
#define LOCKSTEP_SQL_WORD(name) #name,
                                           LOCKSTEP_SQL_WORDS(LOCKSTEP_SQL_WORD)
#undef LOCKSTEP_SQL_WORD
};
constexpr std::size_t kLongest = 16;
constexpr std::size_t kSlots = 1024;  // four times the words: short chains

constexpr char Upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

constexpr std::size_t Hash(std::string_view text) {
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(Upper(c))) * 16777619u;
  return (hash ^ (hash >> 15)) % kSlots;
}

constexpr auto kTable = [] {
  std::array<std::uint8_t, kSlots> table{};
  for (std::size_t word = 1; word < std::size(kSpellings); ++word) {
    std::size_t slot = Hash(kSpellings[word]);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<std::uint8_t>(word);
  }
  return table;
}();

bool SpeltAs(std::string_view text, std::string_view spelling) {
  if (text.size() != spelling.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (Upper(text[i]) != spelling[i]) return false;
  }
  return true;
}

}  // namespace

Word FindWord(std::string_view text) {
  if (text.size() > kLongest) return Word::NONE;
  for (std::size_t slot = Hash(text); kTable[slot] != 0; slot = (slot + 1) % kSlots) {
    if (SpeltAs(text, kSpellings[kTable[slot]])) return static_cast<Word>(kTable[slot]);
  }
  return Word::NONE;
}

bool IsNamed(std::string_view name, std::initializer_list<std::string_view> names) {
  for (const std::string_view other : names) {
    if (base::EqualsIgnoreCaseAscii(name, other)) return true;
  }
  return false;
}

}  // namespace lockstep::sql
