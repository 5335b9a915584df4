#include "core/service/inventory_bodies.h"

#include "core/base/text.h"
#include "core/inventory/decode_rollout_policy.h"
#include "core/service/message.h"

namespace lockstep::service {
namespace {

using json::Member;
using json::Reader;
using json::Shape;

// ---- environments ----

struct EnvironmentFrame {
  std::string title, color, tier;
  std::optional<std::size_t> order;
};

constexpr json::EnumName kTiers[] = {{"PROTECTED", 1}, {"UNPROTECTED", 2}};

void ReadTier(Reader& reader, EnvironmentFrame& frame, const Member& member) {
  const auto number = reader.Enum(member.value, kTiers);
  if (number == 1) frame.tier = "PROTECTED";
}
void ReadOrder(Reader& reader, EnvironmentFrame& frame, const Member& member) {
  if (const auto order = reader.Integer(member.value, 0, INT32_MAX))
    frame.order = static_cast<std::size_t>(*order);
}

constexpr json::Field<EnvironmentFrame> kEnvironmentFields[] = {
    {"title", "title", Shape::kText, &ReadString<&EnvironmentFrame::title>},
    {"color", "color", Shape::kText, &ReadString<&EnvironmentFrame::color>},
    {"tier", "tier", Shape::kEnum, &ReadTier},
    {"order", "order", Shape::kInteger, &ReadOrder},
};
constexpr json::Message<EnvironmentFrame> kEnvironment{"an environment", kEnvironmentFields};

// ---- databases and groups ----

struct DatabaseFrame {
  std::string environment, project, labels = "{}";
};

void ReadLabels(Reader& reader, DatabaseFrame& frame, const Member& member) {
  base::JsonWriter writer;
  writer.BeginObject();
  reader.ReadMap(member.value, Shape::kText,
                 [&](const Member& entry) { writer.Member(entry.key, entry.value.AsString()); });
  frame.labels = writer.EndObject().Take();
}

constexpr json::Field<DatabaseFrame> kDatabaseFields[] = {
    {"environment", "environment", Shape::kText, &ReadString<&DatabaseFrame::environment>},
    {"project", "project", Shape::kText, &ReadString<&DatabaseFrame::project>},
    {"labels", "labels", Shape::kObject, &ReadLabels},
};
constexpr json::Message<DatabaseFrame> kDatabase{"a database", kDatabaseFields};

struct GroupFrame {
  std::string title, placeholder, expression;
};
constexpr json::Field<GroupFrame> kExprFields[] = {
    {"expression", "expression", Shape::kText, &ReadString<&GroupFrame::expression>},
};
constexpr json::Message<GroupFrame> kExpr{"databaseExpr", kExprFields};
void ReadExpr(Reader& reader, GroupFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kExpr, frame);
}
constexpr json::Field<GroupFrame> kGroupFields[] = {
    {"title", "title", Shape::kText, &ReadString<&GroupFrame::title>},
    {"databasePlaceholder", "database_placeholder", Shape::kText,
     &ReadString<&GroupFrame::placeholder>},
    {"databaseExpr", "database_expr", Shape::kObject, &ReadExpr},
};
constexpr json::Message<GroupFrame> kGroup{"a database group", kGroupFields};

// ---- policies ----

struct PolicyFrame {
  std::string type = "ROLLOUT_POLICY";
  bool enforce = true;
  inventory::RolloutPolicy policy{.automatic = false};  // as proto3 JSON reads what is not there
  bool has_policy = false;
};

void ReadType(Reader&, PolicyFrame& frame, const Member& member) {
  const bool is_text = member.value.kind() == json::Kind::kString;
  frame.type = is_text ? member.value.AsString() : member.value.NumberText();
}
void ReadRolloutPolicy(Reader& reader, PolicyFrame& frame, const Member& member) {
  frame.has_policy = true;
  inventory::DecodeRolloutPolicy(reader, member.value, frame.policy);
}

constexpr json::Field<PolicyFrame> kPolicyFields[] = {
    {"type", "type", Shape::kEnum, &ReadType},
    {"enforce", "enforce", Shape::kBool, &ReadBool<&PolicyFrame::enforce>},
    {"rolloutPolicy", "rollout_policy", Shape::kObject, &ReadRolloutPolicy},
};
constexpr json::Message<PolicyFrame> kPolicy{"a policy", kPolicyFields};

}  // namespace

Paths PathsOfEnvironment() {
  static constexpr std::string_view kKnown[] = {"title", "order", "tier", "color"};
  static constexpr std::string_view kReadOnly[] = {"state", "uid", "id", "tags"};
  return {kKnown, kReadOnly};
}

Paths PathsOfDatabase() {
  static constexpr std::string_view kKnown[] = {"project", "environment", "labels"};
  static constexpr std::string_view kReadOnly[] = {"state",
                                                   "uid",
                                                   "syncState",
                                                   "successfulSyncTime",
                                                   "schemaVersion",
                                                   "effectiveEnvironment",
                                                   "instanceResource",
                                                   "backupAvailable"};
  return {kKnown, kReadOnly};
}

Paths PathsOfGroup() {
  static constexpr std::string_view kKnown[] = {"title", "databasePlaceholder", "databaseExpr",
                                                "databaseExpr.expression"};
  static constexpr std::string_view kReadOnly[] = {"matchedDatabases", "unmatchedDatabases",
                                                   "multitenancy"};
  return {kKnown, kReadOnly};
}

base::Result<EntryBody> ReadEnvironmentBody(std::string_view json) {
  const auto frame = ReadMessageStrictly(json, kEnvironment);
  if (!frame.ok()) return frame.error();
  EntryBody body;
  body.settings = {TextSetting("title", "title", frame->title),
                   TextSetting("color", "color", frame->color)};
  Setting tier = TextSetting("tier", "tier", frame->tier);
  if (tier.is_default) tier.json = "\"UNPROTECTED\"";
  body.settings.push_back(std::move(tier));
  body.order = frame->order;
  return body;
}

base::Result<EntryBody> ReadDatabaseBody(std::string_view json) {
  auto frame = ReadMessageStrictly(json, kDatabase);
  if (!frame.ok()) return frame.error();
  EntryBody body;
  body.settings = {TextSetting("environment", "environment", frame->environment),
                   {"labels", "labels", frame->labels, frame->labels == "{}"}};
  body.project = std::move(frame->project);
  return body;
}

base::Result<EntryBody> ReadGroupBody(std::string_view json) {
  const auto frame = ReadMessageStrictly(json, kGroup);
  if (!frame.ok()) return frame.error();
  EntryBody body;
  body.settings = {
      TextSetting("title", "title", frame->title),
      TextSetting("databasePlaceholder", "title", frame->placeholder),
      TextSetting("databaseExpr.expression", "databaseExpr.expression", frame->expression)};
  return body;
}

base::Result<std::vector<Setting>> ReadPolicyBody(std::string_view json) {
  const auto frame = ReadMessageStrictly(json, kPolicy);
  if (!frame.ok()) return frame.error();
  const auto refuse = [](std::string message) {
    return base::Error{base::ErrorCode::kInvalidArgument, std::move(message)};
  };
  if (frame->type != "ROLLOUT_POLICY" && frame->type != "11")
    return refuse("there is no policy of type " + base::Quote(frame->type) +
                  "; environments have a ROLLOUT_POLICY");
  if (!frame->has_policy) return refuse("rollout_policy must be set");
  if (!frame->enforce)
    return refuse(
        "a rollout policy is always enforced; say automatic: true and no required "
        "approval instead");
  const auto text = [](bool value) { return value ? "true" : "false"; };
  return std::vector<Setting>{
      {"rolloutPolicy", "rolloutPolicy.automatic", text(frame->policy.automatic)},
      {"rolloutPolicy", "rolloutPolicy.checkers.requiredIssueApproval",
       text(frame->policy.issue_approval_required)}};
}

}  // namespace lockstep::service
