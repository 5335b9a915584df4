// The syntax tree of a group expression and its parser: recursive descent, depth bounded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/inventory/group_match.h"

namespace lockstep::inventory {

/// Chains of && and || are one node with many children, so that depth is only what parentheses and
/// ! make.
struct GroupExpression::Node {
  enum class Op {
    kTrue,
    kFalse,
    kAnd,
    kOr,
    kNot,  // of children
    kEqual,
    kNotEqual,
    kIn,
    kStartsWith,
    kEndsWith,
    kContains,  // of operands; kIn: the first in the others
    kHasLabel,  // of one operand, a literal
  };
  struct Operand {
    enum class Kind { kLiteral, kDatabaseName, kEnvironmentName, kInstanceId, kLabel };
    Kind kind = Kind::kLiteral;
    std::string text;  ///< the literal, or the label's key
  };
  Op op = Op::kFalse;
  std::vector<Node> children;
  std::vector<Operand> operands;
};

/// The error names the offset in the expression.
base::Result<GroupExpression::Node> ParseGroupExpression(std::string_view expression);

}  // namespace lockstep::inventory
