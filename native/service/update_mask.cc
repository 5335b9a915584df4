#include "native/service/update_mask.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/service/message.h"

namespace lockstep::service {
namespace {

std::string CamelCase(std::string_view path) {
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool joint = path[i] == '_' && i + 1 < path.size();
    if (joint) ++i;
    const char c = path[i];
    text += joint && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

}  // namespace

base::Result<UpdateMask> UpdateMask::Parse(const Call& call,
                                           std::span<const std::string_view> known) {
  std::vector<std::string> paths;
  if (const auto mask = call.Find("updateMask")) {
    for (std::string_view rest = *mask; !rest.empty();) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      paths.push_back(CamelCase(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  } else {
    const auto body = Body::Parse(call.body);
    if (!body.ok()) return body.error();
    for (const json::Member& member : (*body)->root().members())
      paths.push_back(CamelCase(member.key));
    paths.erase(std::remove(paths.begin(), paths.end(), "name"), paths.end());
  }
  if (paths.empty())
    return base::Error{base::ErrorCode::kInvalidArgument, "update_mask must be set"};
  UpdateMask parsed;
  for (std::string& path : paths) {
    if (std::find(known.begin(), known.end(), path) == known.end()) {
      std::vector<std::string> names(known.begin(), known.end());
      return base::Error{base::ErrorCode::kInvalidArgument, "invalid update_mask path " +
                                                                base::Quote(path) + "; it may be " +
                                                                base::Join(names, ", ")};
    }
    parsed.fields_.insert(std::move(path));
  }
  return parsed;
}

}  // namespace lockstep::service
