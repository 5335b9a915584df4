#include "core/convert/convert.h"

#include <utility>

#include "core/base/text.h"
#include "core/convert/writing.h"

namespace lockstep::convert {
namespace {

using json::Kind;
using json::Member;
using json::Value;

bool IsEmpty(Value value) {
  switch (value.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return !value.AsBool();
    case Kind::kNumber:
      return value.NumberText() == "0";
    case Kind::kString:
      return value.AsString().empty();
    case Kind::kArray:
      return value.size() == 0;
    case Kind::kObject:
      for (const Member member : value.members()) {
        if (!IsEmpty(member.value)) return false;
      }
      return true;
  }
  return true;
}

/// Members of the plan that are no part of the decoded one: what a server adds to its answers.
struct Unread {
  std::string_view json, proto;
  std::string_view loss;
};
constexpr std::string_view kOfServer =
    "is what a server adds to its answers; a new plan gets its own";
constexpr Unread kUnread[] = {
    {"deploymentConfigSnapshot", "deployment_config_snapshot",
     "is a server's snapshot of label rules, which the other form has not"},
    {"uid", "uid", kOfServer},
    {"creator", "creator", kOfServer},
    {"createTime", "create_time", kOfServer},
    {"updateTime", "update_time", kOfServer},
    {"planCheckRunStatusCount", "plan_check_run_status_count", kOfServer},
    {"hasRollout", "has_rollout", kOfServer},
    {"rollout", "rollout", kOfServer},
    {"state", "state", kOfServer},
};

void TellUnread(const json::Document& document, Losses& losses) {
  const Value root = document.root();
  if (!document.plain()) {
    losses.Add({root.span().begin, root.span().begin + 1},
               "comments and trailing commas are left out: a converted plan is plain JSON");
  }
  for (const Member member : root.members()) {
    for (const Unread& unread : kUnread) {
      if ((member.key != unread.json && member.key != unread.proto) || IsEmpty(member.value))
        continue;
      losses.Add(member.key_span, base::Quote(member.key) + " " + std::string(unread.loss));
    }
    if (member.key != "deployment" || member.value.kind() != Kind::kObject) continue;
    for (const Member inner : member.value.members()) {
      if (inner.key == "environments" || IsEmpty(inner.value)) continue;
      losses.Add(inner.key_span, base::Quote(inner.key) +
                                     " is a server's snapshot of what groups matched; here the "
                                     "inventory decides");
    }
  }
}

void Rewrite(JsonWriter& writer, Value value) {
  switch (value.kind()) {
    case Kind::kNull:
      return void(writer.Null());
    case Kind::kBool:
      return void(writer.Bool(value.AsBool()));
    case Kind::kNumber:
      return void(writer.Raw(value.NumberText()));
    case Kind::kString:
      return void(writer.String(value.AsString()));
    case Kind::kArray:
      writer.BeginArray();
      for (const Value element : value.elements()) Rewrite(writer, element);
      return void(writer.EndArray());
    case Kind::kObject:
      writer.BeginObject();
      for (const Member member : value.members()) {
        writer.Key(member.key);
        Rewrite(writer, member.value);
      }
      return void(writer.EndObject());
  }
}

base::Result<std::string> Write(const check::CheckedPlan& checked, const Options& options,
                                Losses& losses) {
  return options.to == plan::Form::kFlat ? WriteFlat(checked, options.merge, losses)
                                         : WriteSteps(checked, losses);
}

}  // namespace

base::Result<Converted> Convert(const check::CheckedPlan& checked, const json::Document& document,
                                const Options& options) {
  Converted converted;
  if (checked.plan().form == options.to) {
    JsonWriter writer(2);
    Rewrite(writer, document.root());
    converted.plan = writer.Take() + "\n";
    return converted;
  }
  Losses losses(checked.plan().source);
  TellUnread(document, losses);
  auto text = Write(checked, options, losses);
  if (!text.ok()) return text.error();
  converted.plan = std::move(*text) + "\n";
  converted.losses = losses.Take();
  json::AttachPointers(document, converted.losses);
  return converted;
}

}  // namespace lockstep::convert
