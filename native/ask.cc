#include "native/ask.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <unordered_map>

#include "native/clock.h"

namespace lockstep::native {
namespace {

constexpr std::size_t kAtOnce = 8;

class Round {
 public:
  Round(process::Loop& loop, std::vector<Question> questions)
      : loop_(loop), questions_(std::move(questions)), answers_(questions_.size()) {
    for (std::size_t i = 0; i < questions_.size(); ++i) waiting_.push_back(i);
  }

  void StopWhenReadable(int descriptor) {
    loop_.OnReadable(descriptor, [this] { Stop(); });
  }

  std::vector<Answer> Run() {
    StartSome();
    while (running_ > 0) {
      loop_.Run({-1});
      StartSome();
    }
    for (const Answer& answer : answers_) {
      if (answer.client) loop_.Listen(answer.client->child, {});
    }
    return std::move(answers_);
  }

 private:
  void StartSome() {
    for (auto at = waiting_.begin(); at != waiting_.end() && running_ < kAtOnce;) {
      const Question& next = questions_[*at];
      std::uint32_t& in_group = by_group_[next.group];
      if (next.group != Question::kNoGroup && in_group >= std::max(next.group_limit, 1u)) {
        ++at;
        continue;
      }
      const std::size_t question = *at;
      at = waiting_.erase(at);
      ++running_;
      ++in_group;
      if (!Start(question)) {
        --running_;
        --in_group;
      }
    }
  }

  bool Start(std::size_t i) {
    auto filter = std::make_shared<client::MarkerFilter>(questions_[i].nonce);
    auto timer = std::make_shared<process::TimerId>(0);
    process::Command command = ToCommand(std::move(questions_[i].command));
    command.input_goes_on = questions_[i].client_stays;
    const auto lines =
        static_cast<std::uint32_t>(std::count(command.input.begin(), command.input.end(), '\n'));
    const auto on_output = [this, i, filter, timer, lines](process::Stream stream,
                                                           std::string_view bytes) {
      if (stream == process::Stream::kErr) {
        answers_[i].err += bytes;
        return;
      }
      filter->Feed(bytes, answers_[i].out);
      answers_[i].markers = filter->log();
      if (questions_[i].client_stays && filter->log().committed) LetStay(i, lines, *timer);
    };
    const auto on_exit = [this, i, filter, timer,
                          start = RealNow()](const process::ExitStatus& status) {
      answers_[i].took = RealNow() - start;
      loop_.CancelTimer(*timer);
      filter->Finish(answers_[i].out);
      answers_[i].status = status;
      --running_;
      --by_group_[questions_[i].group];
      children_.erase(i);
    };
    const auto child = loop_.Spawn(command, {on_output, on_exit});
    if (!child.ok()) {
      answers_[i].error = child.error();
      return false;
    }
    children_[i] = *child;
    const base::Duration patience = questions_[i].patience;
    *timer = loop_.After(patience, [this, i, patience, id = *child] {
      answers_[i].error = base::Error{base::ErrorCode::kUnavailable,
                                      "no answer in " + base::FormatDuration(patience)};
      loop_.Kill(id);
    });
    return true;
  }

  /// It has answered, and waits for more script if one of its group is left for other questions.
  void LetStay(std::size_t i, std::uint32_t lines, process::TimerId timer) {
    const auto found = children_.find(i);
    const process::ChildId child = found->second;
    std::uint32_t& staying = staying_by_group_[questions_[i].group];
    if (staying + 1 >= questions_[i].group_limit || staying_ >= KeptClients::kMost)
      return loop_.CloseInput(child);
    loop_.CancelTimer(timer);
    ++staying;
    ++staying_;
    answers_[i].client = KeptClient{.child = child, .lines = lines};
    loop_.Listen(child, {.on_exit = [this, i](const auto&) { answers_[i].client.reset(); }});
    children_.erase(found);
    --running_;
  }

  void Stop() {
    const base::Error stopped{base::ErrorCode::kUnavailable, "stopped before it answered"};
    for (const std::size_t i : waiting_) answers_[i].error = stopped;
    waiting_.clear();
    for (const auto& [i, child] : children_) {
      answers_[i].error = stopped;
      loop_.Kill(child);
    }
  }

  process::Loop& loop_;
  std::vector<Question> questions_;
  std::vector<Answer> answers_;
  std::deque<std::size_t> waiting_;
  std::unordered_map<std::size_t, process::ChildId> children_;  // that run, by question
  std::unordered_map<std::uint32_t, std::uint32_t> by_group_, staying_by_group_;
  std::size_t staying_ = 0;
  std::size_t running_ = 0;
};

}  // namespace

std::vector<Answer> AskAll(process::Loop& loop, std::vector<Question> questions, int stop) {
  Round round(loop, std::move(questions));
  if (stop >= 0) round.StopWhenReadable(stop);
  return round.Run();
}

process::Command ToCommand(client::ClientCommand command) {
  return {.program = std::move(command.program),
          .args = std::move(command.args),
          .env = std::move(command.env),
          .input = std::move(command.script),
          .folder = std::move(command.working_folder),
          .files = std::move(command.files)};
}

}  // namespace lockstep::native
