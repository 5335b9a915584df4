#include "native/kept_clients.h"

#include <algorithm>

namespace lockstep::native {
namespace {

constexpr base::Duration kKeptFor = base::Seconds(1);
/// Each has a process and three descriptors.
constexpr std::size_t kMost = 100;

process::Loop::Listener Nobody() {
  return {[](process::Stream, std::string_view) {}, [](const process::ExitStatus&) {}};
}

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

void KeptClients::Keep(std::size_t place, KeptClient client) {
  Instance& instance = InstanceOf(place);
  // Its own task is still counted as busy.
  if (instance.busy + instance.waiting > instance.most || waiting_.size() >= kMost) {
    loop_.Listen(client.child, Nobody());
    return loop_.CloseInput(client.child);
  }
  const auto gone = [this, place](const process::ExitStatus&) { Remove(waiting_.find(place)); };
  loop_.Listen(client.child, {Nobody().on_output, gone});
  const process::TimerId patience =
      loop_.After(kKeptFor, [this, place] { Close(waiting_.find(place)); });
  waiting_.emplace(place, Waiting{client, patience});
  ++instance.waiting;
}

std::optional<KeptClient> KeptClients::Take(std::size_t place) {
  const auto found = waiting_.find(place);
  if (found == waiting_.end()) return std::nullopt;
  const KeptClient client = found->second.client;
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
  loop_.Listen(waiting->second.client.child, Nobody());
  loop_.CloseInput(waiting->second.client.child);
  Remove(waiting);
}

}  // namespace lockstep::native
