// The server as clients meet it that are broken, slow, greedy or gone.
#include <chrono>

#include "tests/unit/http/http_fixture.h"

namespace lockstep::http {
namespace {

TEST(ServerRefusals, MalformedRequestsAre400) {
  RunningServer server(Echo);
  const std::string host = "Host: a\r\n";
  const std::string requests[] = {
      "\x16\x03\x01\x02\r\n\r\n",  // somebody speaks TLS
      "GET /\r\n\r\n",
      "GET / HTTP/2.0\r\n" + host + "\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\n" + host + host + "\r\n",
      "GET / HTTP/1.1\r\n" + host + "No colon\r\n\r\n",
      "GET / HTTP/1.1\r\n" + host + "Blank : 1\r\n\r\n",
      "GET /a b HTTP/1.1\r\n" + host + "\r\n",
      "GET a HTTP/1.1\r\n" + host + "\r\n",
      "OPTIONS * HTTP/1.1\r\n" + host + "\r\n",
      "CONNECT a:443 HTTP/1.1\r\n" + host + "\r\n",
      "GET /%zz HTTP/1.1\r\n" + host + "\r\n",
      "GET /?a=%4 HTTP/1.1\r\n" + host + "\r\n",
      "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
      "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\na",
      "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\na",
      "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
  };
  for (const std::string& request : requests) {
    const std::string answer = AnswerTo(server.port(), request + Get("/next"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << request << answer;
    EXPECT_NE(answer.find(R"({"code":3,"message":"malformed request: )"), answer.npos) << answer;
    EXPECT_NE(answer.find("Connection: close\r\n"), answer.npos) << answer;
    EXPECT_EQ(answer.find("200 OK"), answer.npos) << "what follows is no request: " << request;
  }
}

TEST(ServerRefusals, UnknownExpectationsAre417) {
  RunningServer server(Echo);
  EXPECT_TRUE(AnswerTo(server.port(), "GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n")
                  .starts_with("HTTP/1.1 417 "));
}

TEST(ServerRefusals, LargeHeadersAre431) {
  RunningServer server(Echo);
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "X-" + std::to_string(i) + ": value\r\n";
  const std::string requests[] = {
      "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /" + std::string(20'000, 'a'),
      "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\n" + many + "\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\n" + many,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=" +
          std::string(200'000, 'a'),
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + many + many + many,
  };
  for (const std::string& request : requests) {
    const std::string answer = AnswerTo(server.port(), request);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 431 ")) << request.substr(0, 80) << answer;
    EXPECT_NE(answer.find(R"({"code":8,)"), answer.npos) << answer;
  }
}

TEST(ServerRefusals, LargeBodiesAre413) {
  ServerOptions options;
  options.max_body = 10;
  RunningServer server(Echo, options);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string fits = AnswerTo(server.port(), head + "Content-Length: 10\r\n\r\n0123456789");
  EXPECT_TRUE(fits.starts_with("HTTP/1.1 200 "));
  const std::string bodies[] = {
      "Content-Length: 11\r\n\r\n",
      "Content-Length: 99999999999999999\r\n\r\n",
      "Content-Length: 1000000\r\n\r\n" + std::string(1'000'000, 'x'),
      "Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n",
  };
  for (const std::string& body : bodies) {
    const std::string answer = AnswerTo(server.port(), head + body);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << body.substr(0, 80) << answer;
    EXPECT_NE(answer.find("larger than the 10 bytes allowed here"), answer.npos) << answer;
  }
}

TEST(ServerRefusals, SlowHeadersAre408) {
  ServerOptions options;
  options.header_timeout = base::Milliseconds(100);
  RunningServer server(Echo, options);
  RawClient client(server.port());
  client.Send("GET / HTTP/1.1\r\n");
  const std::string answer = client.ReceiveAll();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 "));
  EXPECT_NE(answer.find(R"({"code":4,)"), answer.npos);
}

TEST(ServerRefusals, SlowBodiesAre408EvenWhenSomethingAlwaysComes) {
  ServerOptions options;
  options.body_timeout = base::Milliseconds(100);
  RunningServer server(Echo, options);
  RawClient client(server.port());
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  int sent = 0;
  while (sent < 10'000 && !client.HasNews(5) && client.Send("x")) ++sent;
  EXPECT_LT(sent, 10'000);
  EXPECT_TRUE(client.ReceiveAll().starts_with("HTTP/1.1 408 "));
}

TEST(ServerRefusals, IdleConnectionsEndWithoutAWord) {
  ServerOptions options;
  options.idle_timeout = base::Milliseconds(100);
  RunningServer server(Echo, options);
  EXPECT_EQ(RawClient(server.port()).ReceiveAll(), "");
  RawClient used(server.port());
  used.Send(Get("/"));
  EXPECT_EQ(used.Receive().status, 200);
  EXPECT_EQ(used.ReceiveAll(), "");
}

TEST(ServerRefusals, WhoDoesNotReadIsCutOff) {
  ServerOptions options;
  options.write_timeout = base::Milliseconds(100);
  options.drain_timeout = base::Seconds(3600);
  Gate gate;
  RunningServer server(
      [&](const Request& r) {
        gate.Pass(r);
        return Text(std::string(64 << 20, 'x'));
      },
      options);
  RawClient client(server.port());
  client.Send(Get("/"));
  gate.AwaitEntry();
  gate.Open();
  server.Stop();
  server.Join();  // which it would not do before the client has it all
  EXPECT_LT(client.ReceiveAll().size(), 64u << 20);
}

TEST(ServerRefusals, ClientsThatLeaveCostNothing) {
  Gate gate;
  RunningServer server(
      [&](const Request& r) { return r.path == "/wait" ? gate.Pass(r) : Echo(r); });
  {
    RawClient waiting(server.port()), in_header(server.port()), in_body(server.port());
    waiting.Send(Get("/wait"));
    in_header.Send("GET / HT");
    in_body.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123");
    gate.AwaitEntry();
  }
  gate.Open();
  RawClient client(server.port());
  client.Send(Get("/"));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST(ServerRefusals, WhenTooManyWaitTheNextIs503) {
  ServerOptions options;
  options.workers = 1;
  options.max_waiting = 0;
  Gate gate;
  RunningServer server([&](const Request& r) { return gate.Pass(r); }, options);
  RawClient first(server.port()), second(server.port());
  first.Send(Get("/"));
  gate.AwaitEntry();
  second.Send(Get("/"));
  const Answer busy = second.Receive();
  EXPECT_EQ(busy.status, 503);
  EXPECT_NE(busy.head.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_NE(busy.body.find(R"({"code":14,)"), std::string::npos);
  gate.Open();
  EXPECT_EQ(first.Receive().status, 200);
}

TEST(ServerRefusals, MoreConnectionsThanAllowedWait) {
  ServerOptions options;
  options.max_connections = 1;
  RunningServer server(Echo, options);
  RawClient first(server.port()), second(server.port());
  first.Send(Get("/first"));
  EXPECT_EQ(first.Receive().status, 200);
  second.Send(Get("/second"));
  EXPECT_FALSE(second.HasNews(50));
  first.Close();
  EXPECT_EQ(second.Receive().body, "GET /second  ");
}

}  // namespace
}  // namespace lockstep::http
