#include "core/inventory/group_parser.h"

#include <optional>

#include "core/base/text.h"

namespace lockstep::inventory {
namespace {

using Node = GroupExpression::Node;
using Op = Node::Op;
using Operand = Node::Operand;

constexpr int kMaxDepth = 100;

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsNameByte(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9');
}

std::optional<char> SimpleEscape(char c) {
  switch (c) {
    case '\\':
    case '"':
    case '\'':
    case '`':
    case '?':
      return c;
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      return std::nullopt;
  }
}

/// Methods answer false after the first mistake, which error() then tells.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool ParseAll(Node& root) {
    if (!ParseOr(root, 0)) return false;
    SkipBlanks();
    return at_ == text_.size() || Fail("expected && or || or the end");
  }
  const std::string& error() const { return error_; }

 private:
  bool Fail(std::string_view what) { return FailAt(at_, what); }
  bool FailAt(std::size_t offset, std::string_view what) {
    if (error_.empty()) error_ = "at offset " + std::to_string(offset) + ": " + std::string(what);
    return false;
  }

  void SkipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r')))
      ++at_;
  }
  bool Take(std::string_view token) {
    SkipBlanks();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  bool Expect(std::string_view token) {
    return Take(token) || Fail("expected " + base::Quote(token));
  }
  std::string_view TakeName() {
    SkipBlanks();
    const std::size_t begin = at_;
    if (at_ < text_.size() && IsNameStart(text_[at_])) {
      while (at_ < text_.size() && IsNameByte(text_[at_])) ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }
  /// A word of the language, not the start of a longer name.
  bool TakeWord(std::string_view word) {
    SkipBlanks();
    const std::size_t begin = at_;
    if (TakeName() == word) return true;
    at_ = begin;
    return false;
  }

  bool ParseOr(Node& node, int depth) { return ParseChain(node, Op::kOr, "||", depth); }

  bool ParseChain(Node& node, Op op, std::string_view token, int depth) {
    const auto parse_part = [&](Node& part) {
      return op == Op::kOr ? ParseChain(part, Op::kAnd, "&&", depth) : ParseUnary(part, depth);
    };
    if (!parse_part(node)) return false;
    if (!Take(token)) return true;
    Node first = std::move(node);
    node = Node();
    node.op = op;
    node.children.push_back(std::move(first));
    do {
      if (!parse_part(node.children.emplace_back())) return false;
    } while (Take(token));
    return true;
  }

  bool ParseUnary(Node& node, int depth) {
    if (depth >= kMaxDepth) return Fail("nested too deeply");
    SkipBlanks();
    if (text_.substr(at_, 2) != "!=" && Take("!")) {
      node.op = Op::kNot;
      return ParseUnary(node.children.emplace_back(), depth + 1);
    }
    if (Take("(")) return ParseOr(node, depth + 1) && Expect(")");
    if (const bool is_true = TakeWord("true"); is_true || TakeWord("false")) {
      node.op = is_true ? Op::kTrue : Op::kFalse;
      return true;
    }
    if (TakeWord("has")) return ParseHas(node);
    return ParseRelation(node);
  }

  bool ParseHas(Node& node) {
    if (!Expect("(")) return false;
    SkipBlanks();
    const std::size_t begin = at_;
    Operand& label = node.operands.emplace_back();
    if (!ParseOperand(label)) return false;
    if (label.kind != Operand::Kind::kLabel)
      return FailAt(begin, "has() is for resource.labels only");
    node.op = Op::kHasLabel;
    return Expect(")");
  }

  bool ParseRelation(Node& node) {
    if (!ParseOperand(node.operands.emplace_back())) return false;
    if (const bool equal = Take("=="); equal || Take("!=")) {
      node.op = equal ? Op::kEqual : Op::kNotEqual;
      return ParseOperand(node.operands.emplace_back());
    }
    if (TakeWord("in")) return ParseIn(node);
    if (Take(".")) return ParseCall(node);
    return Fail("expected ==, !=, in, or a call such as .startsWith(\"…\")");
  }

  bool ParseIn(Node& node) {
    if (!Take("[")) {
      SkipBlanks();
      const std::size_t begin = at_;
      if (TakeWord("resource") && Take(".") && TakeWord("labels")) {
        if (node.operands[0].kind != Operand::Kind::kLiteral) {
          return FailAt(begin, "only a text can be looked for in resource.labels");
        }
        node.op = Op::kHasLabel;
        return true;
      }
      return FailAt(begin, "expected a list such as [\"a\", \"b\"]");
    }
    node.op = Op::kIn;
    if (Take("]")) return true;
    do {
      if (!ParseOperand(node.operands.emplace_back())) return false;
    } while (Take(","));
    return Expect("]");
  }

  bool ParseCall(Node& node) {
    SkipBlanks();
    const std::size_t begin = at_;
    const std::string_view name = TakeName();
    if (name == "startsWith") {
      node.op = Op::kStartsWith;
    } else if (name == "endsWith") {
      node.op = Op::kEndsWith;
    } else if (name == "contains") {
      node.op = Op::kContains;
    } else if (name == "matches") {
      return FailAt(
          begin, "regular expressions are not supported; use startsWith, endsWith, contains or in");
    } else {
      return FailAt(begin, "expected startsWith, endsWith or contains");
    }
    return Expect("(") && ParseOperand(node.operands.emplace_back()) && Expect(")");
  }

  bool ParseOperand(Operand& operand) {
    SkipBlanks();
    const std::size_t begin = at_;
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\''))
      return ParseText(operand.text);
    if (!TakeWord("resource")) return FailAt(begin, "expected a text or resource.…");
    if (!Expect(".")) return false;
    SkipBlanks();
    const std::size_t name_begin = at_;
    const std::string_view name = TakeName();
    if (name == "database_name") {
      operand.kind = Operand::Kind::kDatabaseName;
    } else if (name == "environment_name") {
      operand.kind = Operand::Kind::kEnvironmentName;
    } else if (name == "instance_id") {
      operand.kind = Operand::Kind::kInstanceId;
    } else if (name == "labels") {
      return ParseLabelKey(operand);
    } else {
      return FailAt(name_begin, "expected database_name, environment_name, instance_id or labels");
    }
    return true;
  }

  bool ParseLabelKey(Operand& operand) {
    operand.kind = Operand::Kind::kLabel;
    if (Take("[")) {
      SkipBlanks();
      if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\''))
        return Fail("expected a label's key");
      return ParseText(operand.text) && Expect("]");
    }
    if (!Expect(".")) return false;
    operand.text = TakeName();
    return !operand.text.empty() || Fail("expected a label's key");
  }

  /// At its opening quote.
  bool ParseText(std::string& text) {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) {
      char c = text_[at_];
      if (c == '\\') {
        const std::optional<char> escaped =
            at_ + 1 < text_.size() ? SimpleEscape(text_[at_ + 1]) : std::nullopt;
        if (!escaped) return Fail("unknown escape in a text");
        c = *escaped;
        ++at_;
      }
      text.push_back(c);
      ++at_;
    }
    if (at_ == text_.size()) return FailAt(begin, "this text does not end");
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace

base::Result<Node> ParseGroupExpression(std::string_view expression) {
  Parser parser(expression);
  Node root;
  if (!parser.ParseAll(root)) {
    return base::Error{base::ErrorCode::kInvalidArgument, parser.error()};
  }
  return root;
}

}  // namespace lockstep::inventory
