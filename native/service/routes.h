// Routes: every method of the services: its HTTP form, what it is called, what it does. The server,
// the command line and the OpenAPI description are all made from this table.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "native/service/context.h"

namespace lockstep::service {

/// Of a query.
struct Parameter {
  enum class Type { kText, kFlag };
  std::string_view name, description;
  Type type = Type::kText;
};

struct Route {
  std::string_view verb;     ///< "POST"
  std::string_view pattern;  ///< "/v1/projects/*/plans/*:runPlanChecks"; a * is one part of a path
  std::string_view service;  ///< "PlanService"
  std::string_view name;     ///< "RunPlanChecks"
  std::string_view summary;
  Method method;
  std::string_view request, answer;          ///< messages of core/service/described.h; "" = no body
  std::array<Parameter, 3> parameters = {};  ///< beside those that all lists and all changes have
};

/// In no particular order; no two match the same request.
std::span<const Route> Routes();

/// kInvalidArgument when one of the route's flags is neither true nor false.
base::Status CheckFlags(const Route& route, const Call& call);

/// The route of a request, and what its stars stand for. kNotFound, or kUnimplemented when the
/// path is known with other verbs. `path` is percent-encoded, and its parts are decoded after they
/// were parted: a database may have a slash in its name.
struct Matched {
  const Route* route;
  std::vector<std::string> path;
};
base::Result<Matched> Match(std::string_view verb, std::string_view path);

}  // namespace lockstep::service
