// Ask: questions to clients that change nothing (a version, a connection), several at a time, and
// their answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "native/client/client.h"
#include "native/client/marker_filter.h"
#include "native/process/loop.h"

namespace lockstep::native {

struct Question {
  client::ClientCommand command;
  std::string nonce;
  std::uint32_t group = 0;        ///< of one server, say
  std::uint32_t group_limit = 1;  ///< so many of one group at a time
};

struct Answer {
  std::string out, err;  ///< without markers
  client::MarkerLog markers;
  process::ExitStatus status;
  std::optional<base::Error> error;  ///< it could not be asked, or did not answer in time
  base::Duration took{0};            ///< from its start to its end

  client::ProcessEnd end() const { return {status.code, status.signal, err}; }
};

/// In the order of the questions. Blocks; REQUIRES: nothing else runs in the loop. `stop`: a
/// descriptor; once it can be read, clients are killed and what has no answer yet is kUnavailable.
std::vector<Answer> AskAll(process::Loop& loop, std::vector<Question> questions, int stop = -1);

process::Command ToCommand(client::ClientCommand command);

}  // namespace lockstep::native
