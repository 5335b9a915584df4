// Firebird through isql (Debian: isql-fb): files through the engine in the client, or a server.
#pragma once

#include "native/client/client.h"

namespace lockstep::client {

class Firebird : public Client {
 public:
  std::vector<std::string> default_programs() const override;
  std::string_view package() const override { return "firebird3.0-utils"; }

  ClientCommand MakeVersionProbe(const Target& target) const override;
  Version InterpretVersion(const ProcessEnd& end, std::string_view standard_output) const override;
  ClientCommand MakeConnectionProbe(const Target& target, bool will_be_created,
                                    std::string_view nonce) const override;
  std::optional<rollout::TaskError> InterpretConnection(const MarkerLog& markers,
                                                        const ProcessEnd& end) const override;


  ClientCommand MakeRun(const Target& target, const TaskScript& script) const override;
  RunVerdict Interpret(const Target& target, const TaskScript& script, const MarkerLog& markers,
                       const ProcessEnd& end) const override;

  ClientCommand MakeProbe(const Target& target, const TaskScript& script) const override;
  ProbeVerdict InterpretProbe(const TaskScript& script, const MarkerLog& markers,
                              const ProcessEnd& end) const override;
};

}  // namespace lockstep::client
