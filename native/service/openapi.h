// OpenApi: the routes as an OpenAPI 3.0 document, for people and for generators of clients. Checked
// in as schemas/openapi.json.
#pragma once

#include <string>

namespace lockstep::service {

std::string OpenApi();

}  // namespace lockstep::service
