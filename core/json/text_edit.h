// TextEdit: small changes of a JSON text that a person wrote. What is not changed stays as it was,
// byte for byte: order, blanks, comments, unknown members; what is new is laid out as its
// neighbours are.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.h"
#include "core/json/layout.h"

namespace lockstep::json {

/// All changes are told first, in any order, and are made by Apply. Values that are given are
/// compact JSON, as base::JsonWriter writes it. REQUIRES: changes do not overlap, and nothing is
/// removed from a container that something is added to.
class TextEdit {
 public:
  /// `text` is that of the document; both outlive this.
  TextEdit(const Document& document, std::string_view text);

  void Replace(Value value, std::string_view json);
  void AddMember(Value object, std::string_view key, std::string_view json);
  /// A list of one, laid out as one that is going to grow.
  void AddList(Value object, std::string_view key, std::string_view element);
  void Append(Value array, std::string_view json);
  void Insert(Value array, std::size_t before, std::string_view json);
  /// The element comes to stand at `to`, as it was written.
  void Move(Value array, std::size_t from, std::size_t to);
  /// Elements, or members, with the commas that parted them. Comments around them stay.
  void Remove(Value container, const std::vector<std::size_t>& positions);

  std::string Apply();

 private:
  struct Change {
    diagnostics::Span span;
    std::string text;
  };
  struct Item {
    std::string json;  ///< compact
    Breaks breaks;
  };
  struct Added {
    Value container;
    std::vector<Item> items;
  };

  void AddItem(Value container, Item item);
  void InsertText(Value array, std::size_t before, std::string_view text);
  void WriteAdded(const Added& added);
  void WriteFirst(const Added& added);
  /// With the comma behind it, and the line on which it stood alone.
  void RemoveItem(diagnostics::Span item);
  void RemoveComma(std::uint32_t end);
  bool HasComments(const std::vector<diagnostics::Span>& items, std::size_t begin) const;
  std::uint32_t SkipBlanks(std::uint32_t at) const;  ///< blanks, line ends and comments
  std::uint32_t EndOfLinesRest(std::uint32_t at) const;
  std::string IndentAt(std::uint32_t at) const;
  bool IsFirstOnLine(std::uint32_t at) const;
  std::uint32_t LineStart(std::uint32_t at) const;

  std::string_view text_;
  std::uint32_t root_;  // where it begins
  Style style_;
  std::vector<Change> changes_;
  std::map<std::uint32_t, Added> added_;  // by where the container begins
};

}  // namespace lockstep::json
