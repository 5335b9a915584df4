#include "core/inventory/sheet_library.h"

#include "core/base/text.h"

namespace lockstep::inventory {

std::vector<std::string> InlineSheets::Names() const {
  std::vector<std::string> names;
  names.reserve(sheets_.size());
  for (const auto& [name, text] : sheets_) names.push_back(name);
  return names;
}

base::Result<diagnostics::Source> InlineSheets::Load(std::string_view sheet_name) const {
  auto found = sheets_.find(sheet_name);
  if (found == sheets_.end()) found = sheets_.find(sheet_name.substr(sheet_name.rfind('/') + 1));
  if (found == sheets_.end()) {
    return base::Error{base::ErrorCode::kNotFound, "there is no sheet " + base::Quote(sheet_name)};
  }
  return diagnostics::Source(found->first, found->second);
}

}  // namespace lockstep::inventory
