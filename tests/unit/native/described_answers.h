// Whether an answer is as core/service/described.h says: every member is declared and of its type,
// and everything is there that is always there. Fixtures hold each answer of their tests to it.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/json/document.h"
#include "core/service/described.h"
#include "native/service/routes.h"

namespace lockstep::service {

class DescribedAnswers {
 public:
  DescribedAnswers() {
    for (const described::Message& message : described::Messages())
      messages_.emplace(message.name, message);
    for (const described::Enum& one : described::Enums())
      enums_[one.name].insert(one.values.begin(), one.values.end());
  }

  /// What is not as described: "Plan.steps.0.title: no such member". Requests that no method
  /// answers are nobody's.
  std::vector<std::string> Check(std::string_view verb, std::string_view path, int status,
                                 json::Value answer) {
    problems_.clear();
    const auto matched = Match(verb, path);
    if (status != 200)
      CheckMessage("Status", answer, "Status");
    else if (matched.ok())
      CheckMessage(matched->route->answer, answer, std::string(matched->route->answer));
    return problems_;
  }
  /// Messages that were looked at.
  const std::set<std::string_view>& met() const { return met_; }

 private:
  void CheckMessage(std::string_view name, json::Value value, const std::string& place) {
    met_.insert(name);
    if (value.kind() != json::Kind::kObject) return Refuse(place, "not an object");
    const described::Message& message = messages_.at(name);
    for (const json::Member& member : value.members()) {
      const auto field =
          std::find_if(message.fields.begin(), message.fields.end(),
                       [&](const described::Field& known) { return known.name == member.key; });
      const std::string at = place + "." + std::string(member.key);
      if (field == message.fields.end())
        Refuse(at, "no such member");
      else
        CheckField(*field, member.value, at);
    }
    for (const described::Field& field : message.fields) {
      if ((field.traits & described::kOptional) == 0 && !value.Find(field.name))
        Refuse(place + "." + std::string(field.name), "not there");
    }
  }

  void CheckField(const described::Field& field, json::Value value, const std::string& place) {
    const bool is_list = (field.traits & described::kList) != 0;
    const bool is_map = (field.traits & described::kMap) != 0;
    if (value.is_null()) {
      if ((field.traits & described::kNullable) == 0) Refuse(place, "null");
    } else if (is_list && value.kind() == json::Kind::kArray) {
      std::size_t i = 0;
      for (const json::Value element : value.elements())
        CheckValue(field, element, place + "." + std::to_string(i++));
    } else if (is_map && value.kind() == json::Kind::kObject) {
      for (const json::Member& entry : value.members())
        CheckValue(field, entry.value, place + "." + std::string(entry.key));
    } else if (is_list || is_map) {
      Refuse(place, is_list ? "not a list" : "not a map");
    } else {
      CheckValue(field, value, place);
    }
  }

  void CheckValue(const described::Field& field, json::Value value, const std::string& place) {
    if (field.type == described::Type::kMessage) return CheckMessage(field.of, value, place);
    if (!Fits(field, value)) Refuse(place, "of another type");
  }

  bool Fits(const described::Field& field, json::Value value) const {
    using described::Type;
    const bool is_text = value.kind() == json::Kind::kString;
    const bool is_number = value.kind() == json::Kind::kNumber;
    const std::string_view text = is_text     ? value.AsString()
                                  : is_number ? value.NumberText()
                                              : std::string_view();
    switch (field.type) {
      case Type::kText:
        return is_text;
      case Type::kBool:
        return value.kind() == json::Kind::kBool;
      case Type::kInt32:
        return is_number && text.find_first_not_of("-0123456789") == std::string_view::npos;
      case Type::kInt64:
        return is_text && !text.empty() &&
               text.find_first_not_of("-0123456789") == std::string_view::npos;
      case Type::kTime:
        return is_text && text.ends_with('Z') && base::ParseTimestamp(text);
      case Type::kBytes:
        return is_text && text.size() % 4 == 0;
      case Type::kAny:
        return true;
      case Type::kEnum:
        return is_text && enums_.at(field.of).count(text) > 0;
      case Type::kMessage:
        break;
    }
    return false;
  }

  void Refuse(const std::string& place, const char* what) {
    problems_.push_back(place + ": " + what);
  }

  std::map<std::string_view, described::Message> messages_;
  std::map<std::string_view, std::set<std::string_view>> enums_;
  std::set<std::string_view> met_;
  std::vector<std::string> problems_;
};

}  // namespace lockstep::service
