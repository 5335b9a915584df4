#include "core/base/check.h"
#include "core/json/nodes.h"

namespace lockstep::json {

std::string_view ToString(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a boolean";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kArray:
      return "an array";
    case Kind::kObject:
      return "an object";
  }
  base::CheckFailed(__FILE__, __LINE__, "kind", "not a kind");
}

std::string_view Document::Data::StringAt(std::uint32_t node) const {
  const Node& string = nodes[node];
  if ((string.link & Node::kEscaped) == 0) {
    return text.substr(string.begin + 1, string.end - string.begin - 2);
  }
  const std::size_t i = string.link & ~Node::kEscaped;
  const std::size_t begin = unescaped_begins[i];
  const std::size_t end =
      i + 1 < unescaped_begins.size() ? unescaped_begins[i + 1] : unescaped.size();
  return std::string_view(unescaped).substr(begin, end - begin);
}

Kind Value::kind() const {
  switch (document_->data_->FirstByte(node_)) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
      return Kind::kString;
    case 't':
    case 'f':
      return Kind::kBool;
    case 'n':
      return Kind::kNull;
    default:
      return Kind::kNumber;
  }
}

diagnostics::Span Value::span() const {
  const Node& node = document_->data_->nodes[node_];
  return {node.begin, node.end};
}

bool Value::AsBool() const {
  LOCKSTEP_CHECK(kind() == Kind::kBool, "not a boolean");
  return document_->data_->FirstByte(node_) == 't';
}

std::string_view Value::AsString() const {
  LOCKSTEP_CHECK(kind() == Kind::kString, "not a string");
  return document_->data_->StringAt(node_);
}

std::string_view Value::NumberText() const {
  LOCKSTEP_CHECK(kind() == Kind::kNumber, "not a number");
  const Node& node = document_->data_->nodes[node_];
  return document_->data_->text.substr(node.begin, node.end - node.begin);
}

Members Value::members() const {
  LOCKSTEP_CHECK(kind() == Kind::kObject, "not an object");
  return Members(document_, node_);
}

Elements Value::elements() const {
  LOCKSTEP_CHECK(kind() == Kind::kArray, "not an array");
  return Elements(document_, node_);
}

std::size_t Value::size() const {
  const bool object = kind() == Kind::kObject;
  LOCKSTEP_CHECK(object || kind() == Kind::kArray, "neither array nor object");
  const Document::Data& data = *document_->data_;
  const std::uint32_t end = data.Next(node_);
  std::size_t count = 0;
  for (std::uint32_t node = node_ + 1; node != end; ++count)
    node = data.Next(node + (object ? 1 : 0));
  return count;
}

std::optional<Value> Value::Find(std::string_view key) const {
  for (const Member& member : members()) {
    if (member.key == key) return member.value;
  }
  return std::nullopt;
}

Member Members::Iterator::operator*() const {
  const Document::Data& data = *document_->data_;
  const Node& key = data.nodes[node_];
  return {data.StringAt(node_), {key.begin, key.end}, Value(document_, node_ + 1)};
}

Members::Iterator& Members::Iterator::operator++() {
  node_ = document_->data_->Next(node_ + 1);
  return *this;
}

Members::Iterator Members::begin() const {
  return Iterator(document_, node_ + 1);
}

Members::Iterator Members::end() const {
  return Iterator(document_, document_->data_->Next(node_));
}

Value Elements::Iterator::operator*() const {
  return Value(document_, node_);
}

Elements::Iterator& Elements::Iterator::operator++() {
  node_ = document_->data_->Next(node_);
  return *this;
}

Elements::Iterator Elements::begin() const {
  return Iterator(document_, node_ + 1);
}

Elements::Iterator Elements::end() const {
  return Iterator(document_, document_->data_->Next(node_));
}

}  // namespace lockstep::json
