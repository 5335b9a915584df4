// PostgreSQL through psql.
#pragma once

#include "native/client/client.h"

namespace lockstep::client {

class Postgres : public Client {
 public:
  std::vector<std::string> default_programs() const override {
    // The program itself: Debian's /usr/bin/psql is a script that takes twice as long to start.
    return {"/usr/lib/postgresql/*/bin/psql", "psql"};
  }
  std::string_view package() const override { return "postgresql-client"; }

  ClientCommand MakeVersionProbe(const Target& target) const override;
  Version InterpretVersion(const ProcessEnd& end, std::string_view standard_output) const override;
  ClientCommand MakeConnectionProbe(const Target& target, bool will_be_created,
                                    std::string_view nonce) const override;
  std::optional<rollout::TaskError> InterpretConnection(const MarkerLog& markers,
                                                        const ProcessEnd& end) const override;


  ClientCommand MakeRun(const Target& target, const TaskScript& script) const override;
  RunVerdict Interpret(const Target& target, const TaskScript& script, const MarkerLog& markers,
                       const ProcessEnd& end) const override;

  std::optional<ClientCommand> MakeHolderProbe(const Target& target, const TaskScript& script,
                                               std::uint32_t statement) const override;
  std::optional<ClientCommand> MakeSessionProbe(const Target& target,
                                                const TaskScript& script) const override;
  bool MayShareClient(const TaskScript& script) const override;
  bool ConnectionProbeMayStay() const override { return true; }
  std::string_view ResetSession() const override;
  bool MarksStandardError() const override;
  ClientCommand MakeProbe(const Target& target, const TaskScript& script) const override;
  ProbeVerdict InterpretProbe(const TaskScript& script, const MarkerLog& markers,
                              const ProcessEnd& end) const override;
};

}  // namespace lockstep::client
