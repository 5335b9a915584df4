// A script or a secret as a file that nobody else can see: in memory where the kernel can, else
// unlinked; 0600 in any case, which is what clients ask of a file with a password.
#pragma once

#include <string_view>

namespace lockstep::process {

/// A descriptor above 2 at the file's beginning, close-on-exec; or -1 with errno.
int MakeInputFile(std::string_view content);

}  // namespace lockstep::process
