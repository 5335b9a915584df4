#include "core/base/version.h"

namespace lockstep::base {

std::string_view Version() {
  return LOCKSTEP_VERSION;
}

}  // namespace lockstep::base
