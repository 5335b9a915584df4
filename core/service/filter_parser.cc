#include "core/service/filter_parser.h"

#include <optional>
#include <string>

namespace lockstep::service {
namespace {

using Term = Filter::Term;
using Operator = Filter::Operator;

constexpr std::size_t kDeepest = 32;  ///< parentheses and ! around one term

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Of a name such as "labels.tenant", and of a value that is written without quotes.
bool IsOfField(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}
bool IsOfWord(char c) {
  constexpr std::string_view kOthers = "()[],&|!=<>\"'";
  return !IsBlank(c) && kOthers.find(c) == std::string_view::npos;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  base::Result<std::vector<Term>> Parse() {
    std::vector<Term> terms;
    for (SkipBlanks(); at_ < text_.size(); SkipBlanks()) {
      if (!terms.empty() && !Take("&&") && !TakeWord("AND")) {
        return Expected("&& or AND between two terms");
      }
      Term term;
      if (!ReadTerm(term, 0)) return *error_;
      terms.push_back(std::move(term));
    }
    return terms;
  }

 private:
  base::Error Expected(std::string_view what) const {
    return {base::ErrorCode::kInvalidArgument,
            "at offset " + std::to_string(at_) + ": expected " + std::string(what)};
  }
  bool Fail(std::string_view expected) {
    if (!error_) error_ = Expected(expected);
    return false;
  }

  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  bool Take(std::string_view token) {
    SkipBlanks();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  bool TakeWord(std::string_view word) {
    SkipBlanks();
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(word)) return false;
    if (rest.size() > word.size() && IsOfField(rest[word.size()])) return false;
    at_ += word.size();
    return true;
  }

  bool ReadTerm(Term& term, std::size_t depth) {
    if (depth == kDeepest) return Fail("fewer parentheses");
    if (Take("!")) {
      if (!ReadTerm(term, depth + 1)) return false;
      term.negated = !term.negated;
      return true;
    }
    if (Take("(")) {
      if (!ReadTerm(term, depth + 1)) return false;
      return Take(")") || Fail("\")\" after one term");
    }
    SkipBlanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsOfField(text_[at_])) ++at_;
    term.field = text_.substr(begin, at_ - begin);
    if (term.field.empty()) return Fail("a field");
    return ReadTest(term);
  }

  bool ReadTest(Term& term) {
    if (Take("(")) return ReadCall(term);
    if (TakeWord("in")) return ReadList(term);
    // The longer one first where one begins with another.
    constexpr struct {
      std::string_view token;
      Operator op;
      bool negated;
    } kTests[] = {{"==", Operator::kEquals, false}, {"=", Operator::kEquals, false},
                  {"!=", Operator::kEquals, true},  {"<=", Operator::kAtMost, false},
                  {"<", Operator::kLess, false},    {">=", Operator::kAtLeast, false},
                  {">", Operator::kMore, false}};
    for (const auto& test : kTests) {
      if (!Take(test.token)) continue;
      term.op = test.op;
      term.negated = test.negated;
      return ReadValue(term);
    }
    return Fail("==, !=, <, <=, >, >=, \"in\", .matches() or .contains() after the field");
  }

  /// Behind "name.matches(".
  bool ReadCall(Term& term) {
    for (const std::string_view name : {".matches", ".contains"}) {
      if (!std::string_view(term.field).ends_with(name)) continue;
      term.field.resize(term.field.size() - name.size());
      term.op = Operator::kContains;
      return ReadValue(term) && (Take(")") || Fail("\")\""));
    }
    return Fail("matches() or contains()");
  }

  bool ReadList(Term& term) {
    if (!Take("[")) return Fail("\"[\"");
    do {
      if (!ReadValue(term)) return false;
    } while (Take(","));
    return Take("]") || Fail("\",\" or \"]\"");
  }

  bool ReadValue(Term& term) {
    SkipBlanks();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote == '"' || quote == '\'') return ReadQuoted(term, quote);
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsOfWord(text_[at_])) ++at_;
    if (at_ == begin) return Fail("a value, such as \"environments/prod\"");
    term.values.emplace_back(text_.substr(begin, at_ - begin));
    return true;
  }

  bool ReadQuoted(Term& term, char quote) {
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_];
    }
    if (at_ == text_.size()) return Fail("the quote that ends the value");
    ++at_;
    term.values.push_back(std::move(value));
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<std::vector<Term>> ParseTerms(std::string_view text) {
  return Parser(text).Parse();
}

}  // namespace lockstep::service
