// AttachPointers: one walk over the document for all places, in the order of their offsets. It
// enters only the containers that hold a place and steps over the others.
#include <algorithm>
#include <string>
#include <utility>
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

// Places of one document whose pointers are still to be found.
struct Collection {
  diagnostics::SourceId source;
  std::vector<Wanted> wanted;

  void Add(const Place& place, std::string& pointer) {
    if (place.source == source && pointer.empty()) wanted.push_back({place.span.begin, &pointer});
  }
};

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

void Fill(const Document& document, std::vector<Wanted> wanted) {
  if (wanted.empty()) return;
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.offset < b.offset; });
  Walk walk(document.data());
  for (const auto& [offset, pointer] : wanted) *pointer = walk.PointerAt(offset);
}

}  // namespace

void AttachPointers(const Document& document, std::vector<Diagnostic>& diagnostics) {
  Collection places{document.source_id(), {}};
  for (Diagnostic& diagnostic : diagnostics) {
    places.Add(diagnostic.place, diagnostic.pointer);
    for (diagnostics::Related& related : diagnostic.related)
      places.Add(related.place, related.pointer);
  }
  Fill(document, std::move(places.wanted));
}

void AttachPointers(const Document& document, std::vector<diagnostics::Remark>& remarks) {
  Collection places{document.source_id(), {}};
  for (diagnostics::Remark& remark : remarks) places.Add(remark.place, remark.pointer);
  Fill(document, std::move(places.wanted));
}

}  // namespace lockstep::json
