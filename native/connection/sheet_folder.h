// SheetFolder: the sheets of a folder and of an inventory, as core wants them. A sheet's number
// names its file: projects/sample/sheets/741 is 741.sql, or 741-add-phone.sql, or sample/741.sql of
// the folder.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/inventory/inventory.h"
#include "core/inventory/sheet_library.h"

namespace lockstep::connection {

class SheetFolder : public inventory::SheetLibrary {
 public:
  /// `inventory` (may be null) goes first: its `sheets` name files beside it (`inventory_folder`)
  /// or bring the text. `folder` may be missing. Lists names now and reads a file when it is asked
  /// for.
  SheetFolder(const std::string& folder, const inventory::Inventory* inventory,
              const std::string& inventory_folder);

  std::vector<std::string> Names() const override;
  base::Result<diagnostics::Source> Load(std::string_view sheet_name) const override;

 private:
  struct Entry {
    std::vector<std::string> files;  ///< more than one: ambiguous, an error when it is asked for
    std::string text;                ///< used when there is no file
  };
  void AddFolder(const std::string& folder);
  void AddInventory(const inventory::Inventory& inventory, const std::string& inventory_folder);
  const Entry* Find(std::string_view sheet_name) const;

  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace lockstep::connection
