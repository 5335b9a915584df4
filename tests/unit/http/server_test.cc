// The server as well-behaved clients meet it.
#include "native/http/server.h"

#include <fcntl.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "tests/unit/http/http_fixture.h"

namespace lockstep::http {
namespace {

TEST(Server, AnswersAndKeepsTheConnection) {
  RunningServer server(Echo);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.Send(Get("/a%20b?x=1"));
    const Answer answer = client.Receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "GET /a%20b x=1& ");
    EXPECT_NE(answer.head.find("Content-Type: text/plain\r\n"), std::string::npos);
    EXPECT_NE(answer.head.find("X-Content-Type-Options: nosniff\r\n"), std::string::npos);
    EXPECT_NE(answer.head.find("Date: "), std::string::npos);
    EXPECT_EQ(answer.head.find("Server:"), std::string::npos);
  }
}

TEST(Server, ClosesWhenTheClientAsksForIt) {
  RunningServer server(Echo);
  RawClient client(server.port());
  client.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(client.ReceiveAll().find("Connection: close\r\n"), std::string::npos);
  RawClient old(server.port());
  old.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(old.ReceiveAll().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(Server, AnswersPipelinedRequestsInTheirOrder) {
  RunningServer server(Echo);
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok";
  }
  RawClient client(server.port());
  client.Send(requests);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(client.Receive().body, "POST /" + std::to_string(i) + "  ok");
  }
}

TEST(Server, TakesRequestsByteByByte) {
  RunningServer server(Echo);
  RawClient client(server.port());
  for (const char c : std::string("PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                  "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: 1\r\n\r\n")) {
    client.Send({&c, 1});
  }
  EXPECT_EQ(client.Receive().body, "PUT /a  abcde");
}

TEST(Server, HandsOverTheHeadersThatMatter) {
  RunningServer server([](const Request& r) {
    return Text(r.host + "|" + r.authorization + "|" + r.content_type + "|" + r.last_event_id +
                "|" + r.origin + "|" + r.if_none_match);
  });
  RawClient client(server.port());
  client.Send(
      "POST / HTTP/1.1\r\nhost: h:1\r\nAuthorization: Bearer x\r\nContent-Type: a/b\r\n"
      "LAST-EVENT-ID: 7\r\nOrigin: http://o\r\nIf-None-Match: \"t\"\r\n"
      "Transfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer trailer\r\n\r\n");
  EXPECT_EQ(client.Receive().body, "h:1|Bearer x|a/b|7|http://o|\"t\"");
}

TEST(Server, TakesAndGivesLargeBodies) {
  RunningServer server([](const Request& request) { return Text(request.body); });
  std::string body(20 << 20, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i % 23);
  RawClient client(server.port());
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n");
  client.Send(body);
  EXPECT_TRUE(client.Receive().body == body);
}

TEST(Server, AsksForTheBodyWhenTheClientWaits) {
  ServerOptions options;
  options.max_body = 10;
  RunningServer server(Echo, options);
  RawClient client(server.port());
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
  client.Send(head + "2\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 100);
  client.Send("ok");
  EXPECT_EQ(client.Receive().body, "POST /  ok");
  client.Send(head + "11\r\n\r\n");  // is not sent in vain
  EXPECT_EQ(client.Receive().status, 413);
}

TEST(Server, AnswersHeadWithoutABody) {
  RunningServer server(Echo);
  RawClient client(server.port());
  client.Send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + Get("/b"));
  EXPECT_NE(client.Receive(true).head.find("Content-Length: 8\r\n"), std::string::npos);
  EXPECT_EQ(client.Receive().body, "GET /b  ");
}

TEST(Server, LeavesMethodsToTheHandler) {
  RunningServer server(Echo);
  RawClient client(server.port());
  for (const char* method : {"OPTIONS", "PATCH", "DELETE", "BREW"}) {
    client.Send(std::string(method) + " /a HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.Receive().body, std::string(method) + " /a  ");
  }
}

TEST(Server, SendsNoBodyWhereThereIsNone) {
  RunningServer server([](const Request&) {
    Response response;
    response.status = 204;
    response.headers = {{"X-A", "1"}, {"X-A", "2"}};
    return response;
  });
  RawClient client(server.port());
  client.Send(Get("/") + Get("/"));
  for (int i = 0; i < 2; ++i) {
    const Answer answer = client.Receive();
    EXPECT_EQ(answer.status, 204);
    EXPECT_NE(answer.head.find("X-A: 1\r\nX-A: 2\r\n"), std::string::npos);
    EXPECT_EQ(answer.head.find("Content-"), answer.head.find("Content-Type-Options"));
  }
}

TEST(Server, SurvivesAHandlerThatFails) {
  RunningServer server([](const Request& request) -> Response {
    if (request.path == "/throws") throw std::runtime_error("secret");
    Response response;
    if (request.path == "/status") response.status = 7000;
    if (request.path == "/header") response.headers = {{"Location", "/\r\nSet-Cookie: a=b"}};
    return response;
  });
  RawClient client(server.port());
  for (const char* path : {"/throws", "/status", "/header"}) {
    client.Send(Get(path));
    const Answer answer = client.Receive();
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_EQ(answer.body,
              R"({"code":13,"message":"the server failed to answer this request","details":[]})");
  }
  client.Send(Get("/"));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST(Server, AnswersWhileAnotherHandlerBlocks) {
  Gate gate;
  RunningServer server(
      [&](const Request& r) { return r.path == "/wait" ? gate.Pass(r) : Echo(r); });
  RawClient waiting(server.port()), other(server.port());
  waiting.Send(Get("/wait"));
  gate.AwaitEntry();
  other.Send(Get("/"));
  EXPECT_EQ(other.Receive().status, 200);
  gate.Open();
  EXPECT_EQ(waiting.Receive().status, 200);
}

TEST(Server, ServesAThousandClientsAtOnce) {
  RaiseDescriptorLimit();
  RunningServer server(Echo);
  std::vector<RawClient> clients;
  for (int i = 0; i < 1000; ++i) clients.emplace_back(server.port());
  for (int round = 0; round < 5; ++round) {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      ASSERT_TRUE(clients[i].Send(Get("/" + std::to_string(i) + "?r=" + std::to_string(round))));
    }
    for (std::size_t i = 0; i < clients.size(); ++i) {
      ASSERT_EQ(clients[i].Receive().body,
                "GET /" + std::to_string(i) + " r=" + std::to_string(round) + "& ");
    }
  }
}

TEST(Server, ListensAtIpv6Addresses) {
  ServerOptions options;
  options.address = "::1";
  auto server = Server::Listen(options, Echo);
  if (!server) GTEST_SKIP() << "no IPv6 here: " << server.error().message;
  std::thread thread([&] { (*server)->Run(); });
  const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons((*server)->port());
  address.sin6_addr = in6addr_loopback;
  EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const std::string request = Get("/");
  EXPECT_EQ(send(fd, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
  char first[12] = {};
  EXPECT_EQ(recv(fd, first, sizeof first, MSG_WAITALL), 12);
  EXPECT_EQ(std::string(first, 12), "HTTP/1.1 200");
  close(fd);
  (*server)->Stop();
  thread.join();
}

TEST(Server, TellsWhyItCannotListen) {
  RunningServer server(Echo);
  ServerOptions options;
  options.port = server.port();
  const auto taken = Server::Listen(options, Echo);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(taken.error().message,
            "port " + std::to_string(server.port()) +
                " of 127.0.0.1 is taken by another program; choose another port, or 0 for any "
                "that is free");
  options.address = "localhost";
  EXPECT_EQ(Server::Listen(options, Echo).error().code, base::ErrorCode::kInvalidArgument);
  options.address = "192.0.2.1";  // of documentation: no machine has it
  EXPECT_EQ(Server::Listen(options, Echo).error().code, base::ErrorCode::kInvalidArgument);
}

TEST(Server, LeavesNothingToChildProcesses) {
  RunningServer server(Echo);
  RawClient client(server.port());
  client.Send(Get("/"));
  ASSERT_EQ(client.Receive().status, 200);
  int sockets = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename());
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone);
    if (gone || !(target.starts_with("socket:") || target.starts_with("anon_inode:"))) continue;
    if (fd < 3) continue;
    EXPECT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC) << fd << " " << target;
    sockets += target.starts_with("socket:");
  }
  EXPECT_GE(sockets, 3);  // one listens, two are the ends of a connection
}

}  // namespace
}  // namespace lockstep::http
