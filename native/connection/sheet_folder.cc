#include "native/connection/sheet_folder.h"

#include <algorithm>
#include <filesystem>

#include "core/base/text.h"
#include "native/connection/read_file.h"

namespace lockstep::connection {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxSheetBytes = 256ull << 20;  // as json::Limits

/// "741-add-phone.sql" -> "741"; "intro.sql" -> "intro".
std::string SheetIdOf(const fs::path& file) {
  const std::string stem = file.stem().string();
  const std::size_t digits = std::min(stem.find_first_not_of("0123456789"), stem.size());
  return digits > 0 && digits < stem.size() && stem[digits] == '-' ? stem.substr(0, digits) : stem;
}

std::string_view LastPart(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

}  // namespace

SheetFolder::SheetFolder(const std::string& folder, const inventory::Inventory* inventory,
                         const std::string& inventory_folder) {
  AddFolder(folder);
  if (inventory != nullptr) AddInventory(*inventory, inventory_folder);
}

void SheetFolder::AddFolder(const std::string& folder) {
  std::error_code ec;
  auto files = fs::recursive_directory_iterator(folder,
                                                fs::directory_options::follow_directory_symlink |
                                                    fs::directory_options::skip_permission_denied,
                                                ec);
  // Depth 1: sheets of one project each may lie in a folder of its name. No deeper, so that links
  // in circles end the walk.
  for (; !ec && files != fs::recursive_directory_iterator(); files.increment(ec)) {
    if (files.depth() >= 1) files.disable_recursion_pending();
    const fs::path& path = files->path();
    std::error_code ignored;
    if (path.extension() != ".sql" || !files->is_regular_file(ignored)) continue;
    const std::string id = SheetIdOf(path);
    const std::string name =
        files.depth() == 0 ? id
                           : "projects/" + path.parent_path().filename().string() + "/sheets/" + id;
    entries_[name].files.push_back(path.string());
  }
  for (auto& [name, entry] : entries_) std::sort(entry.files.begin(), entry.files.end());
}

void SheetFolder::AddInventory(const inventory::Inventory& inventory,
                               const std::string& inventory_folder) {
  for (const inventory::SheetEntry& sheet : inventory.sheets) {
    Entry entry;
    if (sheet.file.present) {
      entry.files.push_back((fs::path(inventory_folder) / sheet.file.value).string());
    } else if (sheet.statement.present) {
      entry.text = std::string(sheet.statement.value);
    } else if (sheet.content.present) {
      entry.text = sheet.content.value;
    } else {
      continue;  // the inventory has a finding for it
    }
    entries_[std::string(sheet.name.value)] = std::move(entry);
  }
}

const SheetFolder::Entry* SheetFolder::Find(std::string_view sheet_name) const {
  auto found = entries_.find(sheet_name);
  if (found == entries_.end()) found = entries_.find(LastPart(sheet_name));
  return found == entries_.end() ? nullptr : &found->second;
}

std::vector<std::string> SheetFolder::Names() const {
  std::vector<std::string> names;
  names.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

base::Result<diagnostics::Source> SheetFolder::Load(std::string_view sheet_name) const {
  const Entry* entry = Find(sheet_name);
  if (entry == nullptr) {
    return base::Error{base::ErrorCode::kNotFound, "there is no sheet " + base::Quote(sheet_name)};
  }
  if (entry->files.empty()) return diagnostics::Source(std::string(sheet_name), entry->text);
  if (entry->files.size() > 1) {
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       "sheet " + base::Quote(sheet_name) + " may be " +
                           base::Quote(entry->files[0]) + " or " + base::Quote(entry->files[1]) +
                           "; rename one of them"};
  }
  auto text = ReadFile(entry->files[0], kMaxSheetBytes, Readable::kRegularFile);
  if (!text.ok() && text.error().code == base::ErrorCode::kNotFound) {
    // The sheet is known; kNotFound would say that it is not.
    return base::Error{base::ErrorCode::kIo, text.error().message};
  }
  if (!text.ok()) return text.error();
  return diagnostics::Source(entry->files[0], std::move(*text));
}

}  // namespace lockstep::connection
