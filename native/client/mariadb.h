// MariaDB and MySQL through the mariadb or mysql client.
#pragma once

#include "native/client/client.h"

namespace lockstep::client {

class Mariadb : public Client {
 public:
  /// kMariadb or kMysql: whose own client is looked for first; the other one will do.
  explicit Mariadb(sql::Engine engine) : engine_(engine) {}

  std::vector<std::string> default_programs() const override;
  std::string_view package() const override { return "mariadb-client"; }

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

 private:
  sql::Engine engine_;
};

}  // namespace lockstep::client
