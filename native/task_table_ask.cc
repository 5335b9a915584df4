// What clients and servers say of themselves, before anything starts.
#include <algorithm>
#include <map>
#include <set>

#include "native/ask.h"
#include "native/connection/redactor.h"
#include "native/task_table.h"

namespace lockstep::native {
namespace {

/// Problems in the order in which they came up, equal ones as one.
class ByMessage {
 public:
  void Add(const std::string& place, const std::string& message) {
    const auto [at, is_new] = places_.try_emplace(message, place, 0);
    ++at->second.second;
    if (is_new) order_.push_back(message);
  }
  void AppendTo(std::vector<std::string>& problems) const {
    for (const std::string& message : order_) {
      const auto& [first, count] = places_.at(message);
      problems.push_back(first + (count > 1 ? " and " + std::to_string(count - 1) + " more" : "") +
                         ": " + message);
    }
  }

 private:
  std::map<std::string, std::pair<std::string, std::size_t>> places_;  // -> first, how many
  std::vector<std::string> order_;
};

std::string WhyUnusable(const client::Target& target, const Answer& answer) {
  if (answer.error) return answer.error->message;
  const client::Version version =
      client::ClientFor(target.engine)->InterpretVersion(answer.end(), answer.out);
  return version.refusal ? target.program + ": " + *version.refusal : "";
}

std::string WhyUnreachable(const client::Target& target, const Answer& answer) {
  if (answer.error) return answer.error->message;
  const auto error =
      client::ClientFor(target.engine)->InterpretConnection(answer.markers, answer.end());
  if (!error) return {};
  return error->message + (error->hint.empty() ? "" : "; " + error->hint);
}

}  // namespace

/// All at once, since each costs the start of a client. What a client says that is not fit for use
/// does not count.
void TaskTable::Ask(process::Loop& loop, const std::vector<char>& needed,
                    std::vector<std::string>& problems) {
  std::vector<Question> questions;
  std::vector<const Place*> asked;
  std::set<sql::Engine> engines;
  for (const Place& place : places_) {
    if (!place.problem.empty() || !engines.insert(place.target.engine).second) continue;
    asked.push_back(&place);
    questions.push_back(
        {.command = client::ClientFor(place.target.engine)->MakeVersionProbe(place.target),
         .nonce = {}});
  }
  const std::size_t versions = questions.size();
  for (std::size_t i = 0; i < needed.size(); ++i) {
    // Databases of files were looked at without their client.
    if (needed[i] == 0 || places_[i].target.engine == sql::Engine::kSqlite) continue;
    asked.push_back(&places_[i]);
    questions.push_back(ConnectionQuestion(places_[i]));
  }
  const std::vector<Answer> answers = AskAll(loop, std::move(questions));

  std::map<sql::Engine, std::string> unusable;
  for (std::size_t i = 0; i < versions; ++i) {
    const client::Target& target = asked[i]->target;
    if (std::string why = WhyUnusable(target, answers[i]); !why.empty()) {
      problems.push_back(why);
      unusable[target.engine] = std::move(why);
    }
  }
  const connection::Redactor redactor(Secrets());
  ByMessage unreachable;
  for (std::size_t i = versions; i < answers.size(); ++i) {
    if (unusable.contains(asked[i]->target.engine)) continue;
    const std::string why = WhyUnreachable(asked[i]->target, answers[i]);
    if (!why.empty()) {
      unreachable.Add(asked[i]->name, redactor.Redact(why));
    } else if (answers[i].client) {
      connected_.emplace_back(asked[i] - places_.data(), *answers[i].client);
    }
  }
  unreachable.AppendTo(problems);
  for (Place& place : places_) {
    const auto why = unusable.find(place.target.engine);
    if (why == unusable.end() || !place.problem.empty()) continue;
    place.problem = why->second;
    place.unreachable = true;
  }
}

Question TaskTable::ConnectionQuestion(const Place& place) const {
  const client::Client& client = *client::ClientFor(place.target.engine);
  const std::int64_t most =
      workspace_.checked()->inventory().instances[place.instance].maximum_connections.value;
  return {
      .command = client.MakeConnectionProbe(place.target, place.will_be_created, kQuestionNonce),
      .nonce = kQuestionNonce,
      .group = place.instance.value(),
      .group_limit = static_cast<std::uint32_t>(most > 0 ? std::min<std::int64_t>(most, 1000)
                                                         : inventory::kDefaultMaximumConnections),
      .client_stays = client.ConnectionProbeMayStay() && !place.will_be_created};
}

}  // namespace lockstep::native
