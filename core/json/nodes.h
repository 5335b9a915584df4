// What a Document keeps of a text: 12 bytes for each key and value, in document order. Private to
// core/json.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.h"

namespace lockstep::json {

/// The kind is told by the first byte. A member is two nodes, its key and then its value.
struct Node {
  static constexpr std::uint32_t kEscaped = 0x80000000;

  std::uint32_t begin;
  std::uint32_t end;
  /// The next node that is no part of this one (half as many nodes as bytes: 31 bits are enough);
  /// or kEscaped | i for a string with escapes, whose text is the i-th of Data's.
  std::uint32_t link;
};

struct Document::Data {
  diagnostics::SourceId source_id;
  bool plain = true;                        // without comments and trailing commas
  std::string_view text;                    // as written: a comment may stand between tokens
  std::unique_ptr<std::uint64_t[]> memory;  // of the nodes
  Node* nodes = nullptr;
  std::uint32_t node_count = 0;
  // Unescaped strings one after the other; the i-th ends where the next begins. Strings without
  // escapes are views of `text`.
  std::string unescaped;
  std::vector<std::uint32_t> unescaped_begins;

  char FirstByte(std::uint32_t node) const { return text[nodes[node].begin]; }
  std::uint32_t Next(std::uint32_t node) const {
    const std::uint32_t link = nodes[node].link;
    return (link & Node::kEscaped) != 0 ? node + 1 : link;
  }
  std::string_view StringAt(std::uint32_t node) const;
};

}  // namespace lockstep::json
