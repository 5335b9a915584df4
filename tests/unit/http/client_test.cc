#include "native/http/client.h"

#include "tests/unit/http/http_fixture.h"

namespace lockstep::http {
namespace {

constexpr base::Duration kPatience = base::Seconds(20);

Request Simple(std::string method = "GET") {
  Request request;
  request.method = std::move(method);
  request.path = "/a";
  return request;
}

TEST(Client, SendsWhatIsInARequestAndReturnsTheAnswer) {
  RunningServer server([](const Request& r) {
    Response response = Echo(r);
    response.status = 409;
    response.headers = {{"ETag", "\"1\""}};
    response.body += "|" + r.authorization + "|" + r.content_type + "|" + r.last_event_id + "|" +
                     r.origin + "|" + r.if_none_match + "|" + r.host;
    return response;
  });
  Request request = Simple("PATCH");
  request.path = "/v1/a%2Fb";
  request.query = {{"update mask", "a&b=c"}, {"empty", ""}};
  request.authorization = "Bearer x";
  request.content_type = "application/json";
  request.last_event_id = "7";
  request.origin = "http://o";
  request.if_none_match = "\"t\"";
  request.body = "{}";
  const auto answer = Send(server.url() + "/prefix/", request, kPatience);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 409);
  EXPECT_EQ(answer->content_type, "text/plain");
  EXPECT_EQ(answer->body,
            "PATCH /prefix/v1/a%2Fb update mask=a&b=c&empty=& {}|Bearer x|application/json|7|"
            "http://o|\"t\"|127.0.0.1:" +
                std::to_string(server.port()));
  EXPECT_NE(std::find(answer->headers.begin(), answer->headers.end(),
                      std::pair<std::string, std::string>("ETag", "\"1\"")),
            answer->headers.end());
}

TEST(Client, FindsHostsByName) {
  RunningServer server(Echo);
  const auto answer =
      Send("http://localhost:" + std::to_string(server.port()), Simple(), kPatience);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "GET /a  ");
  const auto nowhere = Send("http://no-such-host.invalid", Simple(), kPatience);
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().code, base::ErrorCode::kUnavailable);
  EXPECT_TRUE(nowhere.error().message.starts_with("cannot find the host"));
}

TEST(Client, SpeaksToIpv6Addresses) {
  ServerOptions options;
  options.address = "::1";
  auto server = Server::Listen(options, Echo);
  if (!server) GTEST_SKIP() << "no IPv6 here: " << server.error().message;
  std::thread thread([&] { (*server)->Run(); });
  const auto answer =
      Send("http://[::1]:" + std::to_string((*server)->port()), Simple(), kPatience);
  EXPECT_TRUE(answer.ok());
  (*server)->Stop();
  thread.join();
}

TEST(Client, CarriesLargeBodies) {
  RunningServer server([](const Request& r) { return Text(r.body); });
  Request request = Simple("POST");
  request.body = std::string(10 << 20, 'x');
  const auto answer = Send(server.url(), request, kPatience);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_TRUE(answer->body == request.body);
}

TEST(Client, HearsARefusalBeforeAllIsSent) {
  ServerOptions options;
  options.max_body = 10;
  RunningServer server(Echo, options);
  Request request = Simple("POST");
  request.body = std::string(8 << 20, 'x');
  const auto answer = Send(server.url(), request, kPatience);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 413);
}

TEST(Client, GetsNoBodyForHead) {
  RunningServer server(Echo);
  const auto answer = Send(server.url(), Simple("HEAD"), kPatience);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "");
}

TEST(Client, TellsThatNobodyListens) {
  std::string url;
  {
    RunningServer server(Echo);
    url = server.url();
  }
  const auto answer = Send(url, Simple(), kPatience);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(answer.error().message, "nobody listens at \"" + url +
                                        "\": Connection refused; start the server, or check host "
                                        "and port");
}

TEST(Client, WaitsNoLongerThanItShould) {
  Gate gate;
  RunningServer server([&](const Request& r) { return gate.Pass(r); });
  const auto answer = Send(server.url(), Simple(), base::Milliseconds(50));
  gate.Open();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kUnavailable);
  EXPECT_NE(answer.error().message.find("within 50 ms"), std::string::npos);
}

/// Whoever connects reads this, and then the end.
class Says {
 public:
  explicit Says(std::string text) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {}, .sin_zero = {}};
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    listen(fd_, 1);
    socklen_t size = sizeof own;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
    url = "http://127.0.0.1:" + std::to_string(ntohs(own.sin_port));
    thread_ = std::thread([this, text = std::move(text)] {
      const int client = accept(fd_, nullptr, nullptr);
      char request[4096];
      if (recv(client, request, sizeof request, 0) > 0) {
        send(client, text.data(), text.size(), MSG_NOSIGNAL);
      }
      close(client);
    });
  }
  ~Says() {
    thread_.join();
    close(fd_);
  }
  std::string url;

 private:
  int fd_;
  std::thread thread_;
};

TEST(Client, TellsWhatDoesNotSpeakHttp) {
  Says other("SSH-2.0-OpenSSH_9.2\r\n");
  const auto answer = Send(other.url, Simple(), kPatience);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kCorrupt);
  EXPECT_NE(answer.error().message.find("does not speak HTTP"), std::string::npos);
}

TEST(Client, TellsThatAnAnswerWasCut) {
  for (const char* text :
       {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}) {
    Says other(text);
    const auto answer = Send(other.url, Simple(), kPatience);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, base::ErrorCode::kUnavailable);
    EXPECT_NE(answer.error().message.find("closed the connection"), std::string::npos)
        << answer.error().message;
  }
}

TEST(Client, TakesAnswersWithoutALength) {
  Says other("HTTP/1.0 200 OK\r\n\r\nall of it");
  const auto answer = Send(other.url, Simple(), kPatience);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "all of it");
}

TEST(Client, RefusesWhatIsNoUrl) {
  for (const char* bad :
       {"", "localhost:80", "ftp://a", "http://", "http://:80", "http://a:", "http://a:0",
        "http://a:65536", "http://a:8o", "http://::1", "http://[::1", "http://[]", "http://u@a",
        "http://a?b", "http://a b", "http://a\r\n"}) {
    const auto answer = Send(bad, Simple(), kPatience);
    ASSERT_FALSE(answer.ok()) << bad;
    EXPECT_EQ(answer.error().code, base::ErrorCode::kInvalidArgument) << bad;
  }
  const auto secure = Send("https://a", Simple(), kPatience);
  EXPECT_EQ(secure.error().message,
            "cannot use the server \"https://a\": https is not spoken here; put a proxy in front "
            "and write its http:// URL");
}

TEST(Client, SendsNoSecondHeaderInTheFirst) {
  RunningServer server(Echo);
  Request request = Simple();
  request.authorization = "Bearer x\r\nX: y";
  EXPECT_EQ(Send(server.url(), request, kPatience).error().code, base::ErrorCode::kInvalidArgument);
  request = Simple();
  request.path = "/ HTTP/1.1\r\nX: y";
  EXPECT_EQ(Send(server.url(), request, kPatience).error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace lockstep::http
