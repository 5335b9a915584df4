// Message: what crosses the border to a shell without C++ types: JSON, and beside it bytes that
// would be too dear to escape into JSON (documents) or to spell as JSON (columns of numbers).
#pragma once

#include <string>
#include <vector>

namespace lockstep::api {

struct Message {
  std::string json;
  /// Named in the JSON by number: {"attachment": 0}.
  std::vector<std::string> attachments;
};

}  // namespace lockstep::api
