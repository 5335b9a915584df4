#include "native/ask.h"

#include <deque>
#include <memory>
#include <unordered_map>

#include "native/clock.h"

namespace lockstep::native {
namespace {

constexpr base::Duration kLongestAnswer = base::Seconds(20);
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
    return std::move(answers_);
  }

 private:
  void StartSome() {
    for (auto at = waiting_.begin(); at != waiting_.end() && running_ < kAtOnce;) {
      std::uint32_t& in_group = by_group_[questions_[*at].group];
      if (in_group >= std::max(questions_[*at].group_limit, 1u)) {
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
    const auto child = loop_.Spawn(
        ToCommand(std::move(questions_[i].command)),
        {[this, i, filter](process::Stream stream, std::string_view bytes) {
           if (stream == process::Stream::kErr) {
             answers_[i].err += bytes;
           } else {
             filter->Feed(bytes, answers_[i].out);
           }
         },
         [this, i, filter, timer, start = RealNow()](const process::ExitStatus& status) {
           answers_[i].took = RealNow() - start;
           loop_.CancelTimer(*timer);
           filter->Finish(answers_[i].out);
           answers_[i].markers = filter->log();
           answers_[i].status = status;
           --running_;
           --by_group_[questions_[i].group];
           children_.erase(i);
         }});
    if (!child.ok()) {
      answers_[i].error = child.error();
      return false;
    }
    children_[i] = *child;
    *timer = loop_.After(kLongestAnswer, [this, i, id = *child] {
      answers_[i].error = base::Error{base::ErrorCode::kUnavailable,
                                      "no answer in " + base::FormatDuration(kLongestAnswer)};
      loop_.Kill(id);
    });
    return true;
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
  std::unordered_map<std::uint32_t, std::uint32_t> by_group_;
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
