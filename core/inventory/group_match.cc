#include "core/inventory/group_match.h"

#include <optional>

#include "core/inventory/group_parser.h"

namespace lockstep::inventory {
namespace {

using Node = GroupExpression::Node;
using Operand = Node::Operand;

/// CEL's truth: a look-up of a label that is not there is an error, which && and || absorb where
/// the other side decides, and which otherwise makes the database no member of the group.
enum class Truth { kFalse, kTrue, kError };

Truth ToTruth(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}

const Label* FindLabel(const Database& database, std::string_view key) {
  for (const Label& label : database.labels) {
    if (label.key.value == key) return &label;
  }
  return nullptr;
}

struct Facts {
  const Database& database;
  std::string_view instance_id;
  std::string_view environment_name;
};

std::optional<std::string_view> ValueOf(const Operand& operand, const Facts& facts) {
  switch (operand.kind) {
    case Operand::Kind::kLiteral:
      return operand.text;
    case Operand::Kind::kDatabaseName:
      return facts.database.database;
    case Operand::Kind::kEnvironmentName:
      return facts.environment_name;
    case Operand::Kind::kInstanceId:
      return facts.instance_id;
    case Operand::Kind::kLabel: {
      const Label* label = FindLabel(facts.database, operand.text);
      return label != nullptr ? std::optional(label->value.value) : std::nullopt;
    }
  }
  return std::nullopt;
}

bool StartsWith(std::string_view text, std::string_view part) {
  return text.substr(0, part.size()) == part;
}
bool EndsWith(std::string_view text, std::string_view part) {
  return text.size() >= part.size() && text.substr(text.size() - part.size()) == part;
}

/// Of a node whose operands are texts.
Truth Compare(const Node& node, const Facts& facts) {
  std::vector<std::string_view> values;
  for (const Operand& operand : node.operands) {
    const std::optional<std::string_view> value = ValueOf(operand, facts);
    if (!value) return Truth::kError;
    values.push_back(*value);
  }
  switch (node.op) {
    case Node::Op::kEqual:
      return ToTruth(values[0] == values[1]);
    case Node::Op::kNotEqual:
      return ToTruth(values[0] != values[1]);
    case Node::Op::kStartsWith:
      return ToTruth(StartsWith(values[0], values[1]));
    case Node::Op::kEndsWith:
      return ToTruth(EndsWith(values[0], values[1]));
    case Node::Op::kContains:
      return ToTruth(values[0].find(values[1]) != std::string_view::npos);
    default:
      break;
  }
  for (std::size_t i = 1; i < values.size(); ++i) {  // kIn
    if (values[i] == values[0]) return Truth::kTrue;
  }
  return Truth::kFalse;
}

Truth Evaluate(const Node& node, const Facts& facts) {
  switch (node.op) {
    case Node::Op::kTrue:
      return Truth::kTrue;
    case Node::Op::kFalse:
      return Truth::kFalse;
    case Node::Op::kHasLabel:
      return ToTruth(FindLabel(facts.database, node.operands[0].text) != nullptr);
    case Node::Op::kNot: {
      const Truth truth = Evaluate(node.children[0], facts);
      return truth == Truth::kError ? truth : ToTruth(truth == Truth::kFalse);
    }
    case Node::Op::kAnd:
    case Node::Op::kOr: {
      const Truth decides = ToTruth(node.op == Node::Op::kOr);
      Truth result = ToTruth(node.op == Node::Op::kAnd);
      for (const Node& child : node.children) {
        const Truth truth = Evaluate(child, facts);
        if (truth == decides) return decides;
        if (truth == Truth::kError) result = truth;
      }
      return result;
    }
    default:
      return Compare(node, facts);
  }
}

}  // namespace

base::Result<GroupExpression> GroupExpression::Parse(std::string_view expression) {
  base::Result<Node> root = ParseGroupExpression(expression);
  if (!root.ok()) return root.error();
  GroupExpression parsed;
  parsed.root_ = std::make_shared<const Node>(std::move(*root));
  return parsed;
}

bool GroupExpression::Matches(const Inventory& inventory, DatabaseIndex database) const {
  const Database& entry = inventory.databases[database];
  Facts facts{entry, {}, {}};
  constexpr std::string_view kInstances = "instances/";
  if (entry.instance.valid()) {
    const std::string_view name = inventory.instances[entry.instance].name.value;
    if (StartsWith(name, kInstances)) facts.instance_id = name.substr(kInstances.size());
  }
  const EnvironmentIndex environment = inventory.EnvironmentOf(database);
  if (environment.valid()) {
    facts.environment_name = inventory.environments[environment].name.value;
  }
  return Evaluate(*root_, facts) == Truth::kTrue;
}

std::vector<DatabaseIndex> GroupExpression::Match(const Inventory& inventory) const {
  std::vector<DatabaseIndex> matched;
  for (const DatabaseIndex database : inventory.databases.indices()) {
    if (Matches(inventory, database)) matched.push_back(database);
  }
  return matched;
}

}  // namespace lockstep::inventory
