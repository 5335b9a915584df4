#include "native/kept_clients.h"

namespace lockstep::native {

bool KeptClients::StartsTask(std::size_t place) {
  if (tasks_[place] > 0) --tasks_[place];
  return tasks_[place] > 0;
}

void KeptClients::Keep(std::size_t place, KeptClient client) {
  loop_.Listen(client.child,
               {[](process::Stream, std::string_view) {},
                [this, place](const process::ExitStatus&) { waiting_.erase(place); }});
  waiting_[place] = client;
}

std::optional<KeptClient> KeptClients::Take(std::size_t place) {
  const auto found = waiting_.find(place);
  if (found == waiting_.end()) return std::nullopt;
  const KeptClient client = found->second;
  waiting_.erase(found);
  return client;
}

void KeptClients::CloseAll() {
  for (const auto& [place, client] : waiting_) {
    loop_.Listen(client.child,
                 {[](process::Stream, std::string_view) {}, [](const process::ExitStatus&) {}});
    loop_.CloseInput(client.child);
  }
  waiting_.clear();
}

}  // namespace lockstep::native
