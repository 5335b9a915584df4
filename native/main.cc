#include <unistd.h>

#include <new>

#include "native/cli/command_line.h"
#include "native/runner.h"

namespace {

/// Nothing is lost: what a run has done is in its ledger, as after kill -9.
void OutOfMemory() {
  constexpr char kMessage[] = "lockstep: out of memory\n";
  (void)!write(STDERR_FILENO, kMessage, sizeof(kMessage) - 1);
  _exit(lockstep::native::kExitUnavailable);
}

}  // namespace

int main(int argc, char** argv) {
  std::set_new_handler(OutOfMemory);
  return lockstep::cli::Main(argc, argv);
}
