// A runner that can be killed: started, watched through /proc, and ended together with its clients
// or without.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/e2e/program.h"

namespace lockstep::e2e {

class Victim {
 public:
  /// lockstep WORDS… in the folder, its output in files there; as the last words of another command
  /// (which becomes it), when one is given.
  Victim(const Folder& folder, std::vector<std::string> words,
         const std::vector<std::string>& through = {});
  ~Victim();
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  pid_t pid() const { return pid_; }
  std::vector<pid_t> Clients() const;  ///< its children, now
  /// Exit code, or 128 + signal. One that hangs fails the test and is killed.
  int Wait();

 private:
  pid_t pid_ = -1;
};

}  // namespace lockstep::e2e
