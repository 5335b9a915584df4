// A server in a thread, and clients that send exactly the bytes they are told to.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>
#include <thread>

#include "native/http/server.h"

namespace lockstep::http {

inline Response Text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

/// "GET /path a=1&b= body".
inline Response Echo(const Request& request) {
  std::string text = request.method + " " + request.path + " ";
  for (const auto& [key, value] : request.query) text += key + "=" + value + "&";
  return Text(text + " " + request.body);
}

class RunningServer {
 public:
  explicit RunningServer(Handler handler, const ServerOptions& options = {}) {
    auto listening = Server::Listen(options, std::move(handler));
    EXPECT_TRUE(listening.ok());
    server_ = std::move(*listening);
    thread_ = std::thread([this] { server_->Run(); });
  }
  ~RunningServer() {
    if (!thread_.joinable()) return;
    Stop();
    Join();
  }
  std::uint16_t port() const { return server_->port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  void Stop() { server_->Stop(); }
  void Join() { thread_.join(); }

 private:
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

struct Answer {
  int status = 0;    // 0: none came
  std::string head;  // with the status line
  std::string body;
};

class RawClient {
 public:
  /// `source`: the last number of the client's own address, 127.0.0.x.
  explicit RawClient(std::uint16_t port, int source = 1)
      : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{20, 0};  // whoever waits longer is hanging
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in own{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {}, .sin_zero = {}};
    own.sin_addr.s_addr = htonl((127u << 24) + static_cast<unsigned>(source));
    sockaddr_in server = own;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0;
  }
  ~RawClient() { Close(); }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_), seen_(other.seen_) {}

  bool connected() const { return connected_; }
  void Close() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }
  void EndSending() { shutdown(fd_, SHUT_WR); }
  /// False when the server takes no more.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  bool HasNews(int milliseconds) {
    pollfd waiting{fd_, POLLIN, 0};
    return poll(&waiting, 1, milliseconds) > 0;
  }
  /// One answer with a Content-Length; `head_only`: that it has no body all the same.
  Answer Receive(bool head_only = false) {
    Answer answer;
    std::size_t end;
    while ((end = seen_.find("\r\n\r\n")) == std::string::npos) {
      if (!ReadMore()) return answer;
    }
    answer.head = seen_.substr(0, end + 2);
    seen_.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9));
    const std::size_t length = answer.head.find("Content-Length: ");
    const std::size_t size =
        length == std::string::npos || head_only ? 0 : std::stoul(answer.head.substr(length + 16));
    while (seen_.size() < size) {
      if (!ReadMore()) return {};
    }
    answer.body = seen_.substr(0, size);
    seen_.erase(0, size);
    return answer;
  }
  std::string ReceiveUntil(std::string_view text) {
    while (seen_.find(text) == std::string::npos && ReadMore()) {
    }
    return seen_;
  }
  /// Until the server closes; a failure when it does not.
  std::string ReceiveAll() {
    while (ReadMore()) {
    }
    EXPECT_FALSE(hangs_) << "neither bytes nor the end came";
    return seen_;
  }

 private:
  bool ReadMore() {
    char buffer[16 << 10];
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    hangs_ = n < 0 && errno == EAGAIN;
    if (n <= 0) return false;
    seen_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool hangs_ = false;
  std::string seen_;
};

/// What a server answers to these bytes, and then closes because nothing more will come.
inline std::string AnswerTo(std::uint16_t port, std::string_view bytes) {
  RawClient client(port);
  client.Send(bytes);
  client.EndSending();
  return client.ReceiveAll();
}

inline std::string Get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

/// A handler that waits in there until it is let go.
class Gate {
 public:
  Response Pass(const Request& request) {
    entered_.set_value();
    open_.get_future().wait();
    return Echo(request);
  }
  void AwaitEntry() { entered_.get_future().wait(); }
  void Open() { open_.set_value(); }

 private:
  std::promise<void> entered_, open_;
};

inline void RaiseDescriptorLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace lockstep::http
