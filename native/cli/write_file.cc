#include "native/cli/write_file.h"

#include <cerrno>
#include <fstream>

#include "core/base/text.h"
#include "native/cli/settings.h"
#include "native/report/output.h"

namespace lockstep::cli {

Argument OutputArgument(std::optional<std::string>& target) {
  return {.name = "--output",
          .target = &target,
          .help = "where to write it (default: standard output)",
          .value = "FILE",
          .completes = Completes::kFile,
          .letter = "-o"};
}

int WriteFile(const std::optional<std::string>& path, std::string_view text) {
  if (!path || *path == "-") {
    report::Stdout().Write(text);
    return native::kExitDone;
  }
  std::ofstream file(*path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) {  // the last call that failed says why
    return Fail({base::ErrorCode::kIo,
                 "cannot write " + base::Quote(*path) + ": " + report::ErrorText(errno)});
  }
  return native::kExitDone;
}

}  // namespace lockstep::cli
