#include <algorithm>

#include "core/base/text.h"
#include "core/inventory/decode_hours.h"
#include "core/inventory/decode_instance.h"
#include "core/inventory/decode_rollout_policy.h"
#include "core/inventory/fields.h"
#include "core/inventory/inventory.h"
#include "core/inventory/resolve.h"
#include "core/json/proto_json.h"

namespace lockstep::inventory {
namespace {

using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Value;

struct InventoryFrame {
  Inventory& inventory;
  std::int64_t last_order = 0;  ///< of the environments so far
};

// ---- environments ----

struct EnvironmentFrame {
  Environment& environment;
  Spanned<std::int64_t> order;
};

template <SpannedText Environment::*kField>
void ReadEnvironmentText(Reader&, EnvironmentFrame& frame, const Member& member) {
  frame.environment.*kField = Reader::Text(member.value);
}

constexpr json::EnumName kTiers[] = {
    {"ENVIRONMENT_TIER_UNSPECIFIED", 0}, {"PROTECTED", 1}, {"UNPROTECTED", 2}};

void ReadTier(Reader& reader, EnvironmentFrame& frame, const Member& member) {
  const std::optional<int> number = reader.Enum(member.value, kTiers);
  for (const json::EnumName& tier : kTiers) {
    if (number == tier.number && tier.number != 0)
      frame.environment.tier = {tier.name, member.value.span(), true};
  }
}

void ReadOrder(Reader& reader, EnvironmentFrame& frame, const Member& member) {
  if (const auto order = reader.Integer(member.value, INT32_MIN, INT32_MAX)) {
    frame.order = {*order, member.key_span, true};
  }
}

void ReadEnvironmentWindow(Reader& reader, EnvironmentFrame& frame, const Member& member) {
  DecodeWindows(reader, member.value, frame.environment.hours);
}
void ReadEnvironmentFreeze(Reader& reader, EnvironmentFrame& frame, const Member& member) {
  DecodeFreezes(reader, member.value, frame.environment.hours);
}
void ReadRolloutPolicy(Reader& reader, EnvironmentFrame& frame, const Member& member) {
  DecodeRolloutPolicy(reader, member.value, frame.environment.rollout_policy);
}

constexpr Field<EnvironmentFrame> kEnvironmentFields[] = {
    {"name", "name", Shape::kText, &ReadEnvironmentText<&Environment::name>},
    {"title", "title", Shape::kText, &ReadEnvironmentText<&Environment::title>},
    {"color", "color", Shape::kText, &ReadEnvironmentText<&Environment::color>},
    {"tier", "tier", Shape::kEnum, &ReadTier},
    {"order", "order", Shape::kInteger, &ReadOrder},
    {"window", "window", Shape::kAny, &ReadEnvironmentWindow},
    {"freeze", "freeze", Shape::kList, &ReadEnvironmentFreeze},
    {"rolloutPolicy", "rollout_policy", Shape::kObject, &ReadRolloutPolicy},
    {"uid", "uid", Shape::kAny},
    {"id", "id", Shape::kAny},
    {"state", "state", Shape::kAny},
    {"tags", "tags", Shape::kAny},
};
constexpr Message<EnvironmentFrame> kEnvironment{"an environment", kEnvironmentFields};

void ReadEnvironments(Reader& reader, InventoryFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    Environment environment;
    environment.name.span = environment.title.span = element.span();
    EnvironmentFrame inner{environment, {}};
    reader.ReadObject(element, kEnvironment, inner);
    if (inner.order.present && inner.order.value < frame.last_order) {
      reader.Report(Rule::kFieldWithoutEffect, inner.order.span,
                    "this \"order\" is smaller than the one before it, but the order of the list "
                    "is what counts; sort the list");
    }
    if (inner.order.present) frame.last_order = inner.order.value;
    frame.inventory.environments.push_back(environment);
  });
}

// ---- database groups ----

struct GroupFrame {
  DatabaseGroup& group;
};

void ReadGroupName(Reader&, GroupFrame& frame, const Member& member) {
  frame.group.name = Reader::Text(member.value);
}
/// Of either of its names: "databasePlaceholder" is the older one.
void ReadGroupTitle(Reader&, GroupFrame& frame, const Member& member) {
  if (frame.group.title.value.empty()) frame.group.title = Reader::Text(member.value);
}
void ReadExpression(Reader&, GroupFrame& frame, const Member& member) {
  frame.group.expression = Reader::Text(member.value);
}

constexpr Field<GroupFrame> kExprFields[] = {
    {"expression", "expression", Shape::kText, &ReadExpression},
    {"title", "title", Shape::kAny},
    {"description", "description", Shape::kAny},
    {"location", "location", Shape::kAny},
};
constexpr Message<GroupFrame> kExpr{"databaseExpr", kExprFields};

void ReadExpr(Reader& reader, GroupFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kExpr, frame);
}

constexpr Field<GroupFrame> kGroupFields[] = {
    {"name", "name", Shape::kText, &ReadGroupName},
    {"databaseExpr", "database_expr", Shape::kObject, &ReadExpr},
    {"title", "title", Shape::kText, &ReadGroupTitle},
    {"databasePlaceholder", "database_placeholder", Shape::kText, &ReadGroupTitle},
    {"matchedDatabases", "matched_databases", Shape::kAny},
    {"unmatchedDatabases", "unmatched_databases", Shape::kAny},
    {"multitenancy", "multitenancy", Shape::kAny},
};
constexpr Message<GroupFrame> kGroup{"a database group", kGroupFields};

void ReadGroups(Reader& reader, InventoryFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    DatabaseGroup group;
    group.span = group.name.span = group.expression.span = element.span();
    GroupFrame inner{group};
    reader.ReadObject(element, kGroup, inner);
    frame.inventory.groups.push_back(group);
  });
}

// ---- sheets ----

struct SheetFrame {
  SheetEntry& sheet;
};

template <SpannedText SheetEntry::*kField>
void ReadSheetText(Reader&, SheetFrame& frame, const Member& member) {
  frame.sheet.*kField = Reader::Text(member.value);
}

void ReadContent(Reader& reader, SheetFrame& frame, const Member& member) {
  // Present even when it is not base64: the finding is that, not a missing text.
  frame.sheet.content = {reader.Bytes(member.value).value_or(std::string()), member.value.span(),
                         true};
}

constexpr Field<SheetFrame> kSheetFields[] = {
    {"name", "name", Shape::kText, &ReadSheetText<&SheetEntry::name>},
    {"file", "file", Shape::kText, &ReadSheetText<&SheetEntry::file>},
    {"statement", "statement", Shape::kText, &ReadSheetText<&SheetEntry::statement>},
    {"content", "content", Shape::kBytes, &ReadContent},
    {"uid", "uid", Shape::kAny},
    {"title", "title", Shape::kAny},
    {"creator", "creator", Shape::kAny},
    {"createTime", "create_time", Shape::kAny},
    {"updateTime", "update_time", Shape::kAny},
    {"contentSize", "content_size", Shape::kAny},
    {"payload", "payload", Shape::kAny},
    {"engine", "engine", Shape::kAny},
};
constexpr Message<SheetFrame> kSheet{"a sheet", kSheetFields};

void CheckSheetText(Reader& reader, const SheetEntry& sheet) {
  const std::pair<bool, Span> places[] = {{sheet.file.present, sheet.file.span},
                                          {sheet.statement.present, sheet.statement.span},
                                          {sheet.content.present, sheet.content.span}};
  std::vector<Span> given;
  for (const auto& [present, span] : places) {
    if (present) given.push_back(span);
  }
  if (given.empty()) {
    reader.Report(Rule::kSheetText, sheet.name.span,
                  "this sheet has no text; give one of \"file\", \"statement\" and \"content\"");
  } else if (given.size() > 1) {
    std::sort(given.begin(), given.end());
    reader
        .Report(
            Rule::kSheetText, given[1],
            "this sheet has its text in several places; keep one of \"file\", \"statement\" and "
            "\"content\"")
        .related.push_back(reader.RelatedAt(given[0], "the first of them"));
  }
  if (sheet.file.present && sheet.file.value.empty()) {
    reader.Report(Rule::kSheetText, sheet.file.span, "the file of this sheet has no name");
  }
}

void ReadSheets(Reader& reader, InventoryFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    SheetEntry sheet;
    sheet.span = sheet.name.span = sheet.file.span = sheet.statement.span = sheet.content.span =
        element.span();
    SheetFrame inner{sheet};
    reader.ReadObject(element, kSheet, inner);
    CheckSheetText(reader, sheet);
    frame.inventory.sheets.push_back(std::move(sheet));
  });
}

// ---- stagePolicy ----

enum EndState { kTerminal = 1, kDoneOrSkipped = 2 };
constexpr json::EnumName kEndStates[] = {{"terminal", kTerminal},
                                         {"doneOrSkipped", kDoneOrSkipped}};

void ReadEndState(Reader& reader, InventoryFrame& frame, const Member& member) {
  frame.inventory.terminal_end_state = reader.Enum(member.value, kEndStates) == kTerminal;
}

constexpr Field<InventoryFrame> kStagePolicyFields[] = {
    {"endState", "end_state", Shape::kEnum, &ReadEndState},
};
constexpr Message<InventoryFrame> kStagePolicy{"stagePolicy", kStagePolicyFields};

void ReadStagePolicy(Reader& reader, InventoryFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kStagePolicy, frame);
}

// ---- Inventory ----

void ReadStages(Reader& reader, InventoryFrame& frame, const Member& member) {
  DecodeStageHours(reader, member.value, frame.inventory.stages);
}
void ReadAllInstances(Reader& reader, InventoryFrame& frame, const Member& member) {
  DecodeInstances(reader, member.value, frame.inventory);
}
void ReadAllDatabases(Reader& reader, InventoryFrame& frame, const Member& member) {
  DecodeDatabases(reader, member.value, InstanceIndex(), frame.inventory);
}

constexpr Field<InventoryFrame> kInventoryFields[] = {
    {"environments", "environments", Shape::kList, &ReadEnvironments},
    {"instances", "instances", Shape::kList, &ReadAllInstances},
    {"databases", "databases", Shape::kList, &ReadAllDatabases},
    {"databaseGroups", "database_groups", Shape::kList, &ReadGroups},
    {"sheets", "sheets", Shape::kList, &ReadSheets},
    {"stages", "stages", Shape::kList, &ReadStages},
    {"stagePolicy", "stage_policy", Shape::kObject, &ReadStagePolicy},
};
constexpr Message<InventoryFrame> kInventory{"the inventory", kInventoryFields};

}  // namespace

std::optional<Inventory> DecodeInventory(const json::Document& document, bool lenient,
                                         diagnostics::Emitter& emitter) {
  Reader reader(document, lenient, emitter);
  const Value root = document.root();
  if (root.kind() != json::Kind::kObject) {
    reader.Report(
        Rule::kNotAnInventory, {root.span().begin, root.span().begin + 1},
        "an inventory is an object with \"environments\", \"instances\" and the like, and "
        "this is " +
            std::string(ToString(root.kind())));
    return std::nullopt;
  }
  Inventory inventory;
  inventory.source = reader.source();
  InventoryFrame frame{inventory};
  reader.ReadObject(root, kInventory, frame);
  ResolveNames(reader, inventory);
  return inventory;
}

std::vector<json::MessageFields> FieldTables() {
  std::vector<json::MessageFields> tables{Describe(kInventory), Describe(kEnvironment),
                                          Describe(kGroup),     Describe(kExpr),
                                          Describe(kSheet),     Describe(kStagePolicy)};
  AppendInstanceTables(tables);
  AppendHoursTables(tables);
  AppendRolloutPolicyTables(tables);
  return tables;
}

}  // namespace lockstep::inventory
