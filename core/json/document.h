// Document: a JSON text whose every key and value knows its place. The only file of core that
// includes simdjson is document.cc: its DOM decides validity (and so gives the same answer on every
// kernel), its structural index gives the places. Where plain JSON does not fit, comments and
// trailing commas are blanked (relax.h), so offsets hold.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/diagnostics/emitter.h"
#include "core/diagnostics/remark.h"
#include "core/diagnostics/source.h"

namespace lockstep::json {

enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
/// "null", "a boolean", "a number", "a string", "an array", "an object"
std::string_view ToString(Kind kind);

class Document;
class Members;
class Elements;

/// A light handle (document, node); copies are free. Valid as long as its Document.
class Value {
 public:
  Kind kind() const;
  /// From the first byte to the last, quotes and brackets included.
  diagnostics::Span span() const;

  bool is_null() const { return kind() == Kind::kNull; }
  bool AsBool() const;  ///< REQUIRES kBool
  /// REQUIRES kString; unescaped, valid UTF-8, lives as long as the document.
  std::string_view AsString() const;
  std::string_view NumberText() const;  ///< REQUIRES kNumber; as written
  Members members() const;              ///< REQUIRES kObject
  Elements elements() const;            ///< REQUIRES kArray
  std::size_t size() const;             ///< members or elements; linear
  /// First member of that name, as written. For tests and rare look-ups: linear.
  std::optional<Value> Find(std::string_view key) const;

 private:
  friend class Document;
  friend class Members;
  friend class Elements;
  Value(const Document* document, std::uint32_t node) : document_(document), node_(node) {}
  const Document* document_;
  std::uint32_t node_;
};

struct Member {
  std::string_view key;        ///< unescaped
  diagnostics::Span key_span;  ///< with its quotes
  Value value;
};

/// for (Member member : value.members()) and for (Value element : value.elements()), in document
/// order. Repeated keys are all visited; who decodes decides what they mean.
class Members {
 public:
  class Iterator {
   public:
    Member operator*() const;
    Iterator& operator++();
    bool operator!=(const Iterator& other) const { return node_ != other.node_; }

   private:
    friend class Members;
    Iterator(const Document* document, std::uint32_t node) : document_(document), node_(node) {}
    const Document* document_;
    std::uint32_t node_;  // the key's node
  };
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class Value;
  Members(const Document* document, std::uint32_t node) : document_(document), node_(node) {}
  const Document* document_;
  std::uint32_t node_;
};

class Elements {
 public:
  class Iterator {
   public:
    Value operator*() const;
    Iterator& operator++();
    bool operator!=(const Iterator& other) const { return node_ != other.node_; }

   private:
    friend class Elements;
    Iterator(const Document* document, std::uint32_t node) : document_(document), node_(node) {}
    const Document* document_;
    std::uint32_t node_;
  };
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class Value;
  Elements(const Document* document, std::uint32_t node) : document_(document), node_(node) {}
  const Document* document_;
  std::uint32_t node_;
};

struct Limits {
  std::uint64_t max_bytes = 256ull << 20;  ///< above it a diagnostic, not an attempt
  std::uint32_t max_depth = 1000;          ///< nested arrays and objects
};

class Document {
 public:
  /// Reports exactly one syntax finding and returns nothing when `source` is not JSON (empty,
  /// invalid UTF-8, a byte-order mark that is not UTF-8's, a lone surrogate escape, too deep, too
  /// large, bytes after the value …), each with the place of the first mistake. The exception:
  /// every hole ({...}) before that mistake is reported too. A UTF-8 BOM is skipped. `source` must
  /// outlive the document.
  static std::optional<Document> Parse(diagnostics::SourceId id, const diagnostics::Source& source,
                                       const Limits& limits, diagnostics::Emitter& emitter);

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  Value root() const;
  bool plain() const;  ///< JSON as it stands, without comments and trailing commas
  diagnostics::SourceId source_id() const;

  struct Data;  ///< nodes.h; for this folder's files only
  const Data& data() const { return *data_; }

 private:
  friend class Value;
  friend class Members;
  friend class Elements;
  explicit Document(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

/// Fills the empty `pointer` of every diagnostic and related place that lies in this document: the
/// innermost value (or key) that holds the place's first byte. One pass over the document for all
/// of them.
void AttachPointers(const Document& document, std::vector<diagnostics::Diagnostic>& diagnostics);
void AttachPointers(const Document& document, std::vector<diagnostics::Remark>& remarks);

}  // namespace lockstep::json
