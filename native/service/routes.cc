#include "native/service/routes.h"

#include <vector>

#include "core/base/text.h"
#include "native/http/message.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

std::vector<std::string_view> Parts(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return parts;
}

/// ":batchRun" of "tasks:batchRun"; a verb is only behind the last part.
std::string_view VerbOf(std::string_view part) {
  const std::size_t colon = part.rfind(':');
  return colon == std::string_view::npos ? "" : part.substr(colon);
}

bool Fits(std::string_view pattern, std::string_view part, std::vector<std::string>& stars) {
  const std::string_view verb = VerbOf(pattern);
  if (!part.ends_with(verb)) return false;
  pattern.remove_suffix(verb.size());
  part.remove_suffix(verb.size());
  if (pattern != "*") return pattern == part;
  if (part.empty()) return false;
  stars.push_back(http::PercentDecoded(part).value_or(std::string(part)));
  return true;
}

bool Fits(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& parts,
          std::vector<std::string>& stars) {
  stars.clear();
  if (pattern.size() != parts.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!Fits(pattern[i], parts[i], stars)) return false;
  }
  return true;
}

}  // namespace

base::Status CheckFlags(const Route& route, const Call& call) {
  for (const Parameter& parameter : route.parameters) {
    if (parameter.type != Parameter::Type::kFlag) continue;
    const auto value = call.Find(parameter.name);
    if (!value || base::ParseBool(*value)) continue;
    return base::Error{base::ErrorCode::kInvalidArgument, std::string(parameter.name) + " is " +
                                                              base::Quote(*value) +
                                                              ", and has to be true or false"};
  }
  return {};
}

base::Result<Matched> Match(std::string_view verb, std::string_view path) {
  const std::vector<std::string_view> parts = Parts(path);
  std::vector<std::string> stars, best_stars;
  const Route* best = nullptr;
  bool other_verb = false;
  for (const Route& route : Routes()) {
    if (!Fits(Parts(route.pattern), parts, stars)) continue;
    if (route.verb != verb) {
      other_verb = true;
      continue;
    }
    // A name may end as a verb does: the verb is meant.
    if (best != nullptr && VerbOf(route.pattern).empty()) continue;
    best = &route;
    best_stars = stars;
  }
  if (best != nullptr) return Matched{best, std::move(best_stars)};
  const std::string what = std::string(verb) + " " + std::string(path);
  if (other_verb)
    return base::Error{base::ErrorCode::kUnimplemented, "Method Not Allowed: " + what};
  return base::Error{base::ErrorCode::kNotFound, "Not Found: there is no method " +
                                                     base::Quote(what) +
                                                     "; GET /openapi.json tells what there is"};
}

}  // namespace lockstep::service
