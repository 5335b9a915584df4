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
#include "native/kept_clients.h"
#include "native/process/loop.h"

namespace lockstep::native {

/// Of all questions: they change nothing, so nobody gains by guessing it. What others may have
/// written is told in hex.
inline constexpr char kQuestionNonce[] = "00000000000000000000000000000000";

struct Question {
  client::ClientCommand command;
  std::string nonce;
  static constexpr std::uint32_t kNoGroup = ~0u;
  std::uint32_t group = kNoGroup;               ///< of one server, say
  std::uint32_t group_limit = 1;                ///< so many of one group at a time
  base::Duration patience = base::Seconds(20);  ///< from its start: then it has not answered
  /// Once it has answered, its client is given back and waits for more script, if there is room for
  /// it in its group.
  bool client_stays = false;
};

struct Answer {
  std::string out, err;  ///< without markers
  client::MarkerLog markers;
  process::ExitStatus status;
  std::optional<base::Error> error;  ///< it could not be asked, or did not answer in time
  base::Duration took{0};            ///< from its start to its end
  std::optional<KeptClient> client;  ///< that stays: it is connected and has done nothing yet

  client::ProcessEnd end() const { return {status.code, status.signal, err}; }
};

/// In the order of the questions. Blocks; REQUIRES: nothing else runs in the loop. `stop`: a
/// descriptor; once it can be read, clients are killed and what has no answer yet is kUnavailable.
std::vector<Answer> AskAll(process::Loop& loop, std::vector<Question> questions, int stop = -1);

process::Command ToCommand(client::ClientCommand command);

}  // namespace lockstep::native
