// StaticFiles: a folder over HTTP.
#pragma once

#include <string>

#include "native/http/message.h"

namespace lockstep::http {

class StaticFiles {
 public:
  explicit StaticFiles(std::string folder) : folder_(std::move(folder)) {}

  /// The file that the path names, index.html where it ends in "/"; 404 when there is none, or when
  /// it lies outside of the folder, by "..", a link or otherwise; 405 but for GET. Browsers ask
  /// again each time, and get 304 for what they have. Any thread.
  Response Serve(const Request& request) const;

 private:
  std::string folder_;
};

}  // namespace lockstep::http
