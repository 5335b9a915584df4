#include "core/service/update_mask.h"

#include <algorithm>
#include <vector>

#include "core/base/text.h"
#include "core/service/message.h"
#include "core/service/spelling.h"

namespace lockstep::service {
namespace {

std::vector<std::string> PathsOf(std::string_view mask) {
  std::vector<std::string> paths;
  while (!mask.empty()) {
    const std::size_t end = std::min(mask.find(','), mask.size());
    paths.push_back(CamelCase(mask.substr(0, end)));
    mask.remove_prefix(std::min(end + 1, mask.size()));
  }
  return paths;
}

bool IsAmong(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

base::Result<UpdateMask> UpdateMask::Parse(const std::optional<std::string>& mask,
                                           std::string_view body,
                                           std::span<const std::string_view> known,
                                           std::span<const std::string_view> read_only) {
  std::vector<std::string> paths;
  if (mask) {
    paths = PathsOf(*mask);
  } else {
    const auto parsed = Body::Parse(body);
    if (!parsed.ok()) return parsed.error();
    for (const json::Member& member : (*parsed)->root().members()) {
      std::string path = CamelCase(member.key);
      if (path != "name" && !IsAmong(read_only, path)) paths.push_back(std::move(path));
    }
  }
  if (paths.empty())
    return base::Error{base::ErrorCode::kInvalidArgument, "update_mask must be set"};
  UpdateMask parsed;
  for (std::string& path : paths) {
    if (!IsAmong(known, path)) {
      const std::vector<std::string> names(known.begin(), known.end());
      return base::Error{base::ErrorCode::kInvalidArgument, "invalid update_mask path " +
                                                                base::Quote(path) + "; it may be " +
                                                                base::Join(names, ", ")};
    }
    parsed.fields_.insert(std::move(path));
  }
  return parsed;
}

}  // namespace lockstep::service
