#include "core/json/relax.h"

#include <algorithm>

#include "core/base/text.h"

namespace lockstep::json {
namespace {

using diagnostics::Span;

// No sample has as many; a file of dots must not become as many findings.
constexpr std::size_t kMaxHoles = 1000;

class Relaxer {
 public:
  Relaxer(std::string_view text, std::size_t begin) : text_(text), at_(begin) {
    result_.buffer.reserve(text.size() + diagnostics::Source::kPadding);
    result_.buffer.append(text).append(diagnostics::Source::kPadding, '\0');
  }

  Relaxed Run() {
    while (at_ < text_.size() && Token()) {
    }
    return std::move(result_);
  }

 private:
  bool Token();
  bool String();
  bool Comment();
  std::size_t HoleLength() const;
  void Hole(std::size_t length);
  void Comma();
  void Closer(char c);
  void Blank(std::size_t begin, std::size_t end);
  void Significant(char c);

  std::string_view text_;
  std::size_t at_;
  Relaxed result_;
  // The token before, without what was blanked: its first byte (0: none) and its place.
  char last_ = 0;
  std::size_t last_at_ = 0;
  bool comma_follows_value_ = false;  // when last_ is a comma
  std::size_t holes_since_last_ = 0;
};

// One token; false where nothing behind can be understood.
bool Relaxer::Token() {
  const char c = text_[at_];
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
    ++at_;
    return true;
  }
  if (c == '"') return String();
  if (c == '/') return Comment();
  if (const std::size_t length = HoleLength(); length > 0) {
    if (result_.holes.size() == kMaxHoles) return false;
    Hole(length);
  } else if (c == ',') {
    Comma();
  } else if (c == '}' || c == ']') {
    Closer(c);
  } else {
    Significant(c);
    ++at_;
  }
  return true;
}

bool Relaxer::String() {
  Significant('"');
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return true;
    }
    if (c == '\n' || c == '\r') return false;
    if (c == '\\') ++at_;
  }
  return false;
}

bool Relaxer::Comment() {
  const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  std::size_t end = text_.npos;
  if (kind == '/') {
    end = std::min(text_.find_first_of("\n\r", at_), text_.size());
  } else if (kind == '*') {
    end = text_.find("*/", at_ + 2);
    if (end != text_.npos) end += 2;
  }
  if (end == text_.npos) return false;
  // Ill-formed bytes stay, so that the scanner reports them.
  while (at_ < end) {
    const std::size_t valid = base::FirstInvalidUtf8(text_.substr(at_, end - at_));
    Blank(at_, at_ + valid);
    at_ += valid + 1;
  }
  at_ = end;
  return true;
}

// Three dots or more, or U+2026.
std::size_t Relaxer::HoleLength() const {
  if (text_.substr(at_).starts_with("…")) return std::string_view("…").size();
  const std::size_t end = std::min(text_.find_first_not_of('.', at_), text_.size());
  return end - at_ >= 3 ? end - at_ : 0;
}

void Relaxer::Hole(std::size_t length) {
  const std::size_t end = at_ + length;
  result_.holes.push_back({static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)});
  ++holes_since_last_;
  Blank(at_, end);
  if (last_ == ':' || last_ == 0) {  // a value has to stand here
    result_.buffer[at_] = '0';
    Significant('0');
  }
  at_ = end;
}

void Relaxer::Comma() {
  const bool follows_value =
      last_ != 0 && last_ != '{' && last_ != '[' && last_ != ',' && last_ != ':';
  if (holes_since_last_ > 0 && !follows_value) {
    Blank(at_, at_ + 1);  // it parts a hole from what follows
  } else {
    Significant(',');
    comma_follows_value_ = follows_value;
  }
  ++at_;
}

void Relaxer::Closer(char c) {
  if (last_ == ',' && comma_follows_value_) Blank(last_at_, last_at_ + 1);
  const bool only_a_hole = holes_since_last_ == 1 && last_ == (c == '}' ? '{' : '[');
  if (only_a_hole) {
    result_.holes.back() = {static_cast<std::uint32_t>(last_at_),
                            static_cast<std::uint32_t>(at_ + 1)};
  }
  Significant(c);
  ++at_;
}

void Relaxer::Blank(std::size_t begin, std::size_t end) {
  std::fill(result_.buffer.begin() + static_cast<std::ptrdiff_t>(begin),
            result_.buffer.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  result_.changed = true;
}

void Relaxer::Significant(char c) {
  last_ = c;
  last_at_ = at_;
  holes_since_last_ = 0;
}

}  // namespace

Relaxed Relax(std::string_view text, std::size_t begin) {
  return Relaxer(text, begin).Run();
}

}  // namespace lockstep::json
