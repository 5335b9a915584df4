// The messages of core/service/described.h as JSON Schemas, for the description of the API.
#pragma once

#include <string>
#include <string_view>

#include "core/base/json_writer.h"

namespace lockstep::service {

/// "#/components/schemas/Plan.Step"
std::string SchemaOf(std::string_view name);

/// The member "schemas" of an object: all messages and enums. A message that is only answered
/// requires all that is always there, one that is only asked what it needs. One that is both
/// requires nothing: what an answer always has, a request may leave out.
void WriteSchemas(base::JsonWriter& writer);

}  // namespace lockstep::service
