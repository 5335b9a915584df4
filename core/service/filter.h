// Filter: the filter of a list (AIP-160, and the CEL in which newer servers write the same):
//   environment == "environments/prod" && name.matches("hr")
//   status in ["OPEN", "DONE"] AND create_time >= "2026-11-01T00:00:00Z"
//   project = projects/sample
// Terms are joined by && or AND alone; each may stand in parentheses, with a ! before it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lockstep::service {

class Filter {
 public:
  enum class Operator {
    kEquals,    ///< one of the values; also written = and "in [...]"
    kContains,  ///< the value stands somewhere in the text, case ignored: .matches() and
                ///< .contains()
    kLess,      ///< the other four are for times
    kAtMost,
    kMore,
    kAtLeast,
  };
  struct Term {
    std::string field;  ///< as in `fields`, or "labels.tenant"
    Operator op = Operator::kEquals;
    std::vector<std::string> values;  ///< exactly one but for kEquals
    bool negated = false;             ///< != and !(...)
  };
  /// What an object has in a field: one value or, like labels, any number of them. A term holds
  /// when it holds for one of them; a negated one when it holds for none.
  using Lookup = std::function<std::vector<std::string>(std::string_view field)>;

  /// `fields` are those that the list knows, in snake_case; "labels.*" stands for any key. A
  /// request may write them in lowerCamel too. Those that end in "_time" hold RFC 3339 times and
  /// are compared as such. An empty text lets everything through. kInvalidArgument names what is
  /// wrong, and the known fields where one is not known.
  static base::Result<Filter> Parse(std::string_view text,
                                    std::span<const std::string_view> fields);

  bool Matches(const Lookup& lookup) const;
  const std::vector<Term>& terms() const { return terms_; }

 private:
  std::vector<Term> terms_;
};

}  // namespace lockstep::service
