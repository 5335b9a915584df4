// Front: what stands between HTTP and the services: who asks, from where, and for what: the API,
// the events of a rollout, or the page.
#pragma once

#include <string>

#include "native/http/message.h"
#include "native/http/static_files.h"
#include "native/service/service.h"
#include "native/service/tokens.h"

namespace lockstep::service {

class Front {
 public:
  struct Options {
    Tokens tokens;     ///< none: everybody who reaches the port may ask
    std::string page;  ///< folder of web/'s page; "" = none
  };
  Front(Service& service, Options options);

  /// From any thread.
  http::Response Answer(const http::Request& request);

 private:
  http::Response AnswerApi(const http::Request& request, const std::string& user);
  http::Response AnswerEvents(const http::Request& request, const std::string& rollout);
  http::Response Login(const http::Request& request) const;
  http::Response Page(const http::Request& request) const;
  base::Result<std::string> UserOf(const http::Request& request) const;

  Service& service_;
  const Options options_;
  const http::StaticFiles files_;
};

}  // namespace lockstep::service
