// Bodies of InstanceService, read into settings of an instance and its data sources. Passwords have
// to be references; a literal one is kInvalidArgument, and what else is secret, too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/service/setting.h"

namespace lockstep::service {

/// A data source of a request. No password is a setting that says nothing.
struct SourceBody {
  std::string id, type;  ///< "" = not said
  std::vector<Setting> settings;
};

struct InstanceBody {
  std::vector<Setting> settings;
  std::vector<SourceBody> sources;
  bool is_active = false;  ///< "activation"
};

Paths PathsOfInstance();
Paths PathsOfSource();

// kInvalidArgument with the place of the first mistake.
base::Result<InstanceBody> ReadInstanceBody(std::string_view json);

/// Of addDataSource, updateDataSource and removeDataSource.
struct SourceRequest {
  SourceBody source;
  std::string json;                 ///< of the source, as the request says it
  std::optional<std::string> mask;  ///< "updateMask" of the body
  bool validate_only = false;
};
base::Result<SourceRequest> ReadSourceRequest(std::string_view json);

}  // namespace lockstep::service
