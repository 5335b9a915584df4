// SQLite through the sqlite3 shell. One transaction per sheet, with its marker row in it.
#pragma once

#include "native/client/client.h"

namespace lockstep::client {

class Sqlite : public Client {
 public:
  std::vector<std::string> default_programs() const override { return {"sqlite3"}; }
  std::string_view package() const override { return "sqlite3"; }

  ClientCommand MakeVersionProbe(const Target& target) const override;
  Version InterpretVersion(const ProcessEnd& end, std::string_view standard_output) const override;
  ClientCommand MakeConnectionProbe(const Target& target, bool will_be_created,
                                    std::string_view nonce) const override;
  std::optional<rollout::TaskError> InterpretConnection(const MarkerLog& markers,
                                                        const ProcessEnd& end) const override;


  ClientCommand MakeRun(const Target& target, const TaskScript& script) const override;
  RunVerdict Interpret(const Target& target, const TaskScript& script, const MarkerLog& markers,
                       const ProcessEnd& end) const override;

  bool MayShareClient(const TaskScript& script) const override;
  std::string_view EndSession(std::string_view session) const override;
  ClientCommand MakeProbe(const Target& target, const TaskScript& script) const override;
  ProbeVerdict InterpretProbe(const TaskScript& script, const MarkerLog& markers,
                              const ProcessEnd& end) const override;
};

}  // namespace lockstep::client
