// AttachPointers: one walk over the document for all places, in the order of their offsets. It
// enters only the containers that hold a place and steps over the others.
#include <algorithm>
#include <string>
#include <vector>

#include "core/json/nodes.h"

namespace lockstep::json {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Place;

struct Wanted {
  std::uint32_t offset;
  std::string* pointer;
};

std::vector<Wanted> Collect(diagnostics::SourceId source, std::vector<Diagnostic>& diagnostics) {
  std::vector<Wanted> wanted;
  const auto add = [&](const Place& place, std::string& pointer) {
    if (place.source == source && pointer.empty()) wanted.push_back({place.span.begin, &pointer});
  };
  for (Diagnostic& diagnostic : diagnostics) {
    add(diagnostic.place, diagnostic.pointer);
    for (diagnostics::Related& related : diagnostic.related) add(related.place, related.pointer);
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.offset < b.offset; });
  return wanted;
}

class Walk {
 public:
  explicit Walk(const Document::Data& data) : data_(data) { Enter(0); }

  /// REQUIRES: offsets that do not decrease from call to call.
  std::string_view PointerAt(std::uint32_t offset);

 private:
  struct Level {
    std::uint32_t node;       // the container
    std::uint32_t child;      // its child (key or element) that was reached
    std::size_t index;        // of that child
    std::size_t path_length;  // of the container's own pointer
  };

  bool IsObject(const Level& level) const { return data_.FirstByte(level.node) == '{'; }
  void Enter(std::uint32_t node);
  void AppendToken(const Level& level);

  const Document::Data& data_;
  std::vector<Level> levels_;
  std::string path_;
};

void Walk::Enter(std::uint32_t node) {
  const char first = data_.FirstByte(node);
  if (first == '{' || first == '[') levels_.push_back({node, node + 1, 0, path_.size()});
}

std::string_view Walk::PointerAt(std::uint32_t offset) {
  while (!levels_.empty() && data_.nodes[levels_.back().node].end <= offset) levels_.pop_back();
  if (levels_.empty()) return {};  // the root, or behind it
  for (;;) {
    Level& level = levels_.back();
    const bool object = IsObject(level);
    const std::uint32_t end = data_.Next(level.node);
    const auto value_of = [&](std::uint32_t child) { return object ? child + 1 : child; };
    while (level.child != end && data_.nodes[value_of(level.child)].end <= offset) {
      level.child = data_.Next(value_of(level.child));
      ++level.index;
    }
    path_.resize(level.path_length);
    if (level.child == end || data_.nodes[level.child].begin > offset) return path_;
    const Node& value = data_.nodes[value_of(level.child)];
    const bool between = offset >= data_.nodes[level.child].end && offset < value.begin;
    if (between) return path_;
    AppendToken(level);
    if (offset < value.begin) return path_;  // the key
    const std::size_t depth = levels_.size();
    Enter(value_of(level.child));
    if (levels_.size() == depth) return path_;
  }
}

// RFC 6901 §3, §4: ~ and / in names are escaped, elements go by their index.
void Walk::AppendToken(const Level& level) {
  path_ += '/';
  if (!IsObject(level)) {
    path_ += std::to_string(level.index);
    return;
  }
  for (const char c : data_.StringAt(level.child)) {
    if (c == '~') {
      path_ += "~0";
    } else if (c == '/') {
      path_ += "~1";
    } else {
      path_ += c;
    }
  }
}

}  // namespace

void AttachPointers(const Document& document, std::vector<Diagnostic>& diagnostics) {
  const std::vector<Wanted> wanted = Collect(document.source_id(), diagnostics);
  if (wanted.empty()) return;
  Walk walk(document.data());
  for (const auto& [offset, pointer] : wanted) *pointer = walk.PointerAt(offset);
}

}  // namespace lockstep::json
