#include "native/migration_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "core/base/text.h"
#include "native/connection/read_file.h"

namespace lockstep::native {
namespace {

namespace fs = std::filesystem;

using base::Error;
using base::ErrorCode;
using base::Quote;
using Texts = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kMaxFileBytes = 256ull << 20;  // as sheets
constexpr std::size_t kMaxFiles = 100'000;             // a home folder by mistake

Error IoError(const std::string& what, const std::string& path, const std::error_code& ec) {
  return {ErrorCode::kIo, "cannot " + what + " " + Quote(path) + ": " + ec.message()};
}

/// kFailedPrecondition when one of them is there.
base::Status RefuseExisting(const Texts& files) {
  for (const auto& [path, text] : files) {
    std::error_code ec;
    if (!fs::exists(path, ec)) continue;
    return Error{ErrorCode::kFailedPrecondition,
                 Quote(path) + " is there already; --force overwrites it, -o DIR writes elsewhere"};
  }
  return {};
}

/// Sheets of an earlier import under another name would make their numbers ambiguous.
base::Status RefuseOtherSheets(const Texts& sheets, const std::string& folder) {
  const auto number_of = [](const std::string& name) { return name.substr(0, name.find('-')); };
  std::map<std::string, const std::string*> by_number;
  for (const auto& [name, sql] : sheets) by_number[number_of(name)] = &name;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (entry.path().extension() != ".sql") continue;
    const std::string name = entry.path().filename().string();
    const auto own = by_number.find(number_of(entry.path().stem().string()));
    if (own == by_number.end() || *own->second == name) continue;
    return Error{ErrorCode::kFailedPrecondition, Quote(entry.path().string()) +
                                                     " has the number of the new sheet " +
                                                     Quote(*own->second) + "; remove it"};
  }
  return {};
}

base::Status Write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return Error{ErrorCode::kIo, "cannot write " + Quote(path)};
  return {};
}

}  // namespace

base::Result<Texts> ReadMigrations(const std::string& folder, migrations::Tool tool) {
  std::error_code ec;
  Texts files;
  auto entries =
      fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, ec);
  if (ec) return Error{ErrorCode::kNotFound, "cannot read " + Quote(folder) + ": " + ec.message()};
  for (; entries != fs::recursive_directory_iterator(); entries.increment(ec)) {
    if (ec) return IoError("read", folder, ec);
    const fs::path& path = entries->path();
    if (path.filename().string().starts_with('.')) {
      entries.disable_recursion_pending();
      continue;
    }
    if (!entries->is_regular_file(ec)) continue;
    std::string name = path.lexically_relative(folder).generic_string();
    std::string text;
    if (migrations::Reads(tool, name)) {
      auto read =
          connection::ReadFile(path.string(), kMaxFileBytes, connection::Readable::kRegularFile);
      if (!read.ok()) return read.error();
      text = std::move(*read);
    }
    files.emplace_back(std::move(name), std::move(text));
    if (files.size() <= kMaxFiles) continue;
    return Error{ErrorCode::kResourceExhausted, Quote(folder) + " holds more than " +
                                                    std::to_string(kMaxFiles) +
                                                    " files; name the folder of the migrations"};
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Result<std::vector<std::string>> WriteImported(const migrations::Imported& imported,
                                                     const std::string& folder, bool force) {
  const fs::path root(folder);
  const std::string sheets = (root / "sheets").string();
  std::error_code ec;
  Texts files;
  for (const auto& [name, sql] : imported.sheets)
    files.emplace_back((root / "sheets" / name).string(), sql);
  if (!imported.inventory.empty() && !fs::exists(root / "inventory.json", ec)) {
    files.emplace_back((root / "inventory.json").string(), imported.inventory);
  }
  files.emplace_back((root / "plan.json").string(), imported.plan);
  if (const auto other = RefuseOtherSheets(imported.sheets, sheets); !other.ok())
    return other.error();
  if (!force) {
    if (const auto existing = RefuseExisting(files); !existing.ok()) return existing.error();
  }
  fs::create_directories(sheets, ec);
  if (ec) return IoError("make the folder", sheets, ec);
  std::vector<std::string> written;
  for (const auto& [path, text] : files) {
    if (const auto done = Write(path, text); !done.ok()) return done.error();
    written.push_back(path);
  }
  return written;
}

}  // namespace lockstep::native
