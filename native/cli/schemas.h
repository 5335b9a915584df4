// The files of schemas/*.schema.json, compiled in (native/cli/embed_schemas.cmake makes the .cc).
#pragma once

#include <span>
#include <string_view>

namespace lockstep::cli {

struct SchemaFile {
  std::string_view name;  ///< "plan" of plan.schema.json
  std::string_view text;
};
std::span<const SchemaFile> SchemaFiles();  ///< sorted by name

}  // namespace lockstep::cli
