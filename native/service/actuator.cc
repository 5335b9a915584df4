// ActuatorService: who answers here.
#include "core/base/json_writer.h"
#include "core/base/version.h"
#include "native/service/methods.h"

namespace lockstep::service {

/// The version of Bytebase whose API this is: rollout-action asks for at least 3.5.0 and names
/// stages by number, which later versions do not.
constexpr std::string_view kApiVersion = "3.5.0";

Answer GetActuatorInfo(Context&, const Call&) {
  base::JsonWriter writer;
  writer.BeginObject().Member("version", kApiVersion).Member("gitCommit", "");
  writer.MemberBool("saas", false).MemberBool("demo", false);
  return writer.Member("lockstep", base::Version()).EndObject().Take();
}

}  // namespace lockstep::service
