#include "core/json/scanner.h"

#include <algorithm>
#include <vector>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/json/lexeme.h"

namespace lockstep::json {
namespace {

using base::Quote;
using diagnostics::Rule;
using diagnostics::Span;

class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t begin, std::uint32_t max_depth)
      : text_(text), at_(begin), max_depth_(max_depth) {}

  std::optional<SyntaxError> Run();

 private:
  enum class Expect { kValue, kFirstElement, kFirstKey, kKey, kColon, kCommaOrEnd, kEnd };

  using Error = std::optional<SyntaxError>;
  struct Open {
    char bracket;
    std::uint32_t at;
  };

  Error Step();
  Error Value();
  Error Key();
  Error Colon();
  Error CommaOrEnd();
  Error EndOfText() const;
  Error Opener();
  void Close();
  void Take(std::uint32_t end);
  Error Wrong(Span span, std::string message) const;
  Error MissingComma() const;
  bool NextIsMember() const;
  std::uint32_t SkipBlanks(std::uint32_t at) const;
  std::string CharacterBefore(std::string_view what) const;

  std::string_view text_;
  std::uint32_t at_;
  std::uint32_t max_depth_;
  Expect expect_ = Expect::kValue;
  std::uint32_t last_end_ = 0;  // where the token before ends
  Span key_;                    // the member's name, while kColon
  std::vector<Open> open_;
};

Scanner::Error Scanner::Run() {
  if (Error error = FindForeignEncoding(text_)) return error;
  for (;;) {
    at_ = SkipBlanks(at_);
    if (at_ == text_.size()) return EndOfText();
    if (Error error = Step()) return error;
  }
}

Scanner::Error Scanner::Step() {
  switch (expect_) {
    case Expect::kFirstElement:
      if (text_[at_] == ']') {
        Close();
        return {};
      }
      return Value();
    case Expect::kValue:
      return Value();
    case Expect::kFirstKey:
      if (text_[at_] == '}') {
        Close();
        return {};
      }
      return Key();
    case Expect::kKey:
      return Key();
    case Expect::kColon:
      return Colon();
    case Expect::kCommaOrEnd:
      return CommaOrEnd();
    case Expect::kEnd:
      break;
  }
  if (Error error = DescribeStray(text_, at_)) return error;
  return Wrong({at_, EndOfWord(text_, at_)},
               "text after the document's end; a document is one value");
}

Scanner::Error Scanner::Value() {
  switch (text_[at_]) {
    case '{':
    case '[':
      return Opener();
    case '}':
    case ']':
    case ',':
    case ':':
      return Wrong({at_, at_ + 1}, CharacterBefore("a value"));
    default: {
      const Lexeme lexeme = ReadScalar(text_, at_);
      if (lexeme.error) return lexeme.error;
      Take(lexeme.end);
      expect_ = open_.empty() ? Expect::kEnd : Expect::kCommaOrEnd;
      return {};
    }
  }
}

Scanner::Error Scanner::Opener() {
  if (open_.size() >= max_depth_) {
    Error error = Wrong({at_, at_ + 1}, "arrays and objects are nested more than " +
                                            std::to_string(max_depth_) + " deep");
    error->rule = Rule::kNestingTooDeep;
    return error;
  }
  open_.push_back({text_[at_], at_});
  expect_ = text_[at_] == '{' ? Expect::kFirstKey : Expect::kFirstElement;
  Take(at_ + 1);
  return {};
}

Scanner::Error Scanner::Key() {
  const char c = text_[at_];
  if (c == '"') {
    const Lexeme lexeme = ReadScalar(text_, at_);
    if (lexeme.error) return lexeme.error;
    key_ = {at_, lexeme.end};
    Take(lexeme.end);
    expect_ = Expect::kColon;
    return {};
  }
  if (c == '}' || c == ']' || c == ',' || c == ':') {
    return Wrong({at_, at_ + 1}, CharacterBefore("a name in double quotes"));
  }
  if (Error error = DescribeStray(text_, at_)) return error;
  const Span word{at_, EndOfWord(text_, at_)};
  return Wrong(word, "a name in double quotes is missing here, " +
                         Quote(text_.substr(at_, word.end - at_)) +
                         " is not one; names of fields are written \"name\"");
}

Scanner::Error Scanner::Colon() {
  if (text_[at_] == ':') {
    expect_ = Expect::kValue;
    Take(at_ + 1);
    return {};
  }
  const std::string name = Quote(text_.substr(key_.begin + 1, key_.end - key_.begin - 2));
  if (text_[at_] == '=') {
    return Wrong({at_, at_ + 1}, "\"=\" after the name " + name + "; write \":\"");
  }
  if (Error error = DescribeStray(text_, at_)) return error;
  const auto size = static_cast<std::uint32_t>(base::DecodeUtf8(text_, at_).length);
  Error error = Wrong({at_, at_ + size}, "\":\" is missing after the name " + name);
  // Certain only in front of what begins a value.
  if (std::string_view("\"{[-0123456789tfn").find(text_[at_]) != std::string_view::npos) {
    error->insertion = {last_end_, ":"};
  }
  return error;
}

Scanner::Error Scanner::CommaOrEnd() {
  const char c = text_[at_];
  const char opener = open_.back().bracket;
  if (c == ',') {
    expect_ = opener == '{' ? Expect::kKey : Expect::kValue;
    Take(at_ + 1);
    return {};
  }
  if (c == '}' || c == ']') {
    if ((c == '}') == (opener == '{')) {
      Close();
      return {};
    }
    const bool object = opener == '{';
    Error error = Wrong({at_, at_ + 1},
                        std::string(object ? "\"]\" closes an object" : "\"}\" closes an array") +
                            "; one of the two brackets is wrong, or \"" + (object ? "}" : "]") +
                            "\" is missing before it");
    error->opener = Span{open_.back().at, open_.back().at + 1};
    return error;
  }
  return MissingComma();
}

Scanner::Error Scanner::MissingComma() const {
  const char c = text_[at_];
  if (c == ':') return Wrong({at_, at_ + 1}, "\":\" where a comma or the end should be");
  if (Error error = DescribeStray(text_, at_)) return error;
  const Lexeme lexeme = c == '{' || c == '[' ? Lexeme{at_ + 1, {}} : ReadScalar(text_, at_);
  if (lexeme.error && c != '"') {
    const std::uint32_t end = EndOfWord(text_, at_);
    return Wrong({at_, end}, "unexpected " + Quote(text_.substr(at_, end - at_)) +
                                 " after a value; a comma, or the end of the " +
                                 (open_.back().bracket == '{' ? "object" : "array") +
                                 ", should be here");
  }
  if (lexeme.error) return lexeme.error;
  Error error = Wrong({at_, lexeme.end}, "a comma is missing before this");
  const bool in_array = open_.back().bracket == '[';
  if (in_array || NextIsMember()) error->insertion = {last_end_, ","};
  return error;
}

// "name": follows.
bool Scanner::NextIsMember() const {
  if (text_[at_] != '"') return false;
  const Lexeme name = ReadScalar(text_, at_);
  if (name.error) return false;
  const std::uint32_t next = SkipBlanks(name.end);
  return next < text_.size() && text_[next] == ':';
}

Scanner::Error Scanner::EndOfText() const {
  if (expect_ == Expect::kEnd) return {};
  const auto end = static_cast<std::uint32_t>(text_.size());
  if (open_.empty()) {
    Error error = Wrong({end, end}, "the document is empty");
    error->rule = Rule::kEmptyDocument;
    return error;
  }
  const bool object = open_.back().bracket == '{';
  Error error =
      Wrong({end, end}, std::string("the document ends inside ") +
                            (object ? "an object; \"}\"" : "an array; \"]\"") + " is missing");
  error->opener = Span{open_.back().at, open_.back().at + 1};
  return error;
}

void Scanner::Close() {
  open_.pop_back();
  expect_ = open_.empty() ? Expect::kEnd : Expect::kCommaOrEnd;
  Take(at_ + 1);
}

void Scanner::Take(std::uint32_t end) {
  at_ = end;
  last_end_ = end;
}

Scanner::Error Scanner::Wrong(Span span, std::string message) const {
  SyntaxError error;
  error.span = span;
  error.message = std::move(message);
  return error;
}

std::uint32_t Scanner::SkipBlanks(std::uint32_t at) const {
  return static_cast<std::uint32_t>(std::min(text_.find_first_not_of(" \t\n\r", at), text_.size()));
}

std::string Scanner::CharacterBefore(std::string_view what) const {
  return std::string(what) + " is missing before " + Quote(text_.substr(at_, 1));
}

}  // namespace

std::optional<SyntaxError> FindSyntaxError(std::string_view text, std::uint32_t begin,
                                           std::uint32_t max_depth) {
  return Scanner(text, begin, max_depth).Run();
}

}  // namespace lockstep::json
