// Release: the message of ReleaseService (plan-semantics §1.9): versioned files of SQL, out of
// which a plan is made for each set of databases.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.h"
#include "core/plan/plan.h"
#include "core/service/message.h"

namespace lockstep::service {

struct ReleaseFile {
  enum class Type { kUnspecified = 0, kVersioned = 1 };
  enum class Change { kUnspecified = 0, kDdl = 1, kDdlGhost = 2, kDml = 3 };

  std::string id;  ///< unique in its release
  std::string path, version;
  std::string sheet;         ///< "projects/sample/sheets/101"
  std::string sheet_sha256;  ///< hex, of the sheet when the release was made
  Type type = Type::kUnspecified;
  Change change = Change::kUnspecified;
  std::string statement;  ///< decoded; in requests in the place of `sheet`
  std::uint64_t statement_size = 0;
};

/// As the tasks of a plan have it: DDL when the file does not say.
plan::ChangeType ChangeTypeOf(ReleaseFile::Change change);

struct Release {
  std::string title, creator;
  std::vector<ReleaseFile> files;
  std::string vcs_source = "null";  ///< JSON
  bool deleted = false;

  static base::Result<Release> Read(std::string_view json);
  /// What of it is stored: everything but the statements, which are sheets.
  std::string Stored() const;
  /// Whether its files can be a release: of type VERSIONED, with a sheet or a statement, and with
  /// versions that are all different. kInvalidArgument names the file. Sorts them by version, byte
  /// by byte, as the server does.
  base::Status CheckFiles();
};

/// The id that a file of this version and content gets.
std::string FileId(const ReleaseFile& file);
/// "projects/sample/releases/101/files/{id}"
std::string FileName(std::string_view release, const ReleaseFile& file);

struct ReleaseFacts {
  std::string name;
  base::Instant created{0};
};
void WriteRelease(base::JsonWriter& writer, const Release& release, const ReleaseFacts& facts);

extern const json::Message<Release> kReleaseMessage;

}  // namespace lockstep::service
