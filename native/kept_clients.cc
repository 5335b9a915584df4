#include "native/kept_clients.h"

#include <algorithm>

namespace lockstep::native {
namespace {

constexpr base::Duration kKeptFor = base::Seconds(1);

}  // namespace

bool KeptClients::StartsTask(std::size_t place) {
  Instance& instance = InstanceOf(place);
  ++instance.busy;
  if (!waiting_.contains(place) && instance.busy + instance.waiting > instance.most) {
    const auto other = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& waiting) {
      return places_[waiting.first].instance == places_[place].instance;
    });
    if (other != waiting_.end()) Close(other);
  }
  if (places_[place].tasks > 0) --places_[place].tasks;
  return places_[place].tasks > 0;
}

void KeptClients::EndsTask(std::size_t place) {
  --InstanceOf(place).busy;
}

void KeptClients::Adopt(std::size_t place, KeptClient client) {
  const Instance& instance = InstanceOf(place);
  if (instance.busy + instance.waiting >= instance.most || places_[place].tasks == 0)
    return SendAway(client);
  LetWait(place, std::move(client));
}

void KeptClients::Keep(std::size_t place, KeptClient client) {
  // Its own task is still counted as busy.
  const Instance& instance = InstanceOf(place);
  if (instance.busy + instance.waiting > instance.most) return SendAway(client);
  LetWait(place, std::move(client));
}

void KeptClients::LetWait(std::size_t place, KeptClient client) {
  if (waiting_.size() >= kMost || waiting_.contains(place)) return SendAway(client);
  const auto gone = [this, place](const process::ExitStatus&) { Remove(waiting_.find(place)); };
  loop_.Listen(client.child, {.on_exit = gone});
  const process::TimerId patience =
      loop_.After(kKeptFor, [this, place] { Close(waiting_.find(place)); });
  waiting_.emplace(place, Waiting{std::move(client), patience});
  ++InstanceOf(place).waiting;
}

std::optional<KeptClient> KeptClients::Take(std::size_t place) {
  const auto found = waiting_.find(place);
  if (found == waiting_.end()) return std::nullopt;
  KeptClient client = std::move(found->second.client);
  Remove(found);
  return client;
}

void KeptClients::Dismiss(std::size_t place) {
  const auto found = waiting_.find(place);
  if (found != waiting_.end()) Close(found);
}

void KeptClients::Remove(Iterator waiting) {
  loop_.CancelTimer(waiting->second.patience);
  --InstanceOf(waiting->first).waiting;
  waiting_.erase(waiting);
}

void KeptClients::Close(Iterator waiting) {
  SendAway(waiting->second.client);
  Remove(waiting);
}

void KeptClients::SendAway(const KeptClient& client) {
  loop_.Listen(client.child, {});
  loop_.Write(client.child, std::string(client.farewell));
  loop_.CloseInput(client.child);
}

}  // namespace lockstep::native
