// The command line: argv -> verb -> exit code. The only file pair that knows CLI11.
#pragma once

namespace lockstep::cli {

int Main(int argc, char** argv);

}  // namespace lockstep::cli
