// SheetLibrary: the port through which core gets the SQL of a sheet. A shell fills it from files, a
// browser from memory; core reads no files.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/diagnostics/source.h"

namespace lockstep::inventory {

class SheetLibrary {
 public:
  virtual ~SheetLibrary() = default;
  /// Names of all sheets on offer ("projects/sample/sheets/741"), sorted: for "did you mean" and
  /// "never used". A name may be a bare file stem ("741") when the project is not known from the
  /// file.
  virtual std::vector<std::string> Names() const = 0;
  /// The text. kNotFound when there is no such sheet; other errors when it cannot be read.
  virtual base::Result<diagnostics::Source> Load(std::string_view sheet_name) const = 0;
};

/// Sheets in memory, by their whole names or by the last parts of those.
class InlineSheets : public SheetLibrary {
 public:
  void Add(std::string name, std::string text) { sheets_[std::move(name)] = std::move(text); }
  std::vector<std::string> Names() const override;
  base::Result<diagnostics::Source> Load(std::string_view sheet_name) const override;

 private:
  std::map<std::string, std::string, std::less<>> sheets_;
};

}  // namespace lockstep::inventory
