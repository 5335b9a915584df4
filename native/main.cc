#include "native/cli/command_line.h"

int main(int argc, char** argv) {
  return lockstep::cli::Main(argc, argv);
}
