// How the server ends.
#include <signal.h>

#include "tests/unit/http/http_fixture.h"

namespace lockstep::http {
namespace {

TEST(ServerStop, IdleConnectionsEndAndNobodyIsAccepted) {
  RunningServer server(Echo);
  RawClient silent(server.port()), used(server.port());
  used.Send(Get("/"));
  EXPECT_EQ(used.Receive().status, 200);
  server.Stop();
  EXPECT_EQ(silent.ReceiveAll(), "");
  EXPECT_EQ(used.ReceiveAll(), "");
  server.Join();
  EXPECT_FALSE(RawClient(server.port()).connected());
}

TEST(ServerStop, RequestsUnderWayAreAnswered) {
  Gate gate;
  RunningServer server([&](const Request& r) { return gate.Pass(r); });
  RawClient client(server.port()), idle(server.port());
  client.Send(Get("/a"));
  gate.AwaitEntry();
  server.Stop();
  idle.ReceiveAll();  // so it has begun to stop
  gate.Open();
  const Answer answer = client.Receive();
  EXPECT_EQ(answer.body, "GET /a  ");
  EXPECT_NE(answer.head.find("Connection: close\r\n"), std::string::npos);
  client.Close();
  server.Join();
}

TEST(ServerStop, WhatDoesNotEndIsCutOff) {
  ServerOptions options;
  options.drain_timeout = base::Milliseconds(50);
  Gate gate;
  RunningServer server([&](const Request& r) { return gate.Pass(r); }, options);
  RawClient waiting(server.port()), in_header(server.port());
  waiting.Send(Get("/"));
  in_header.Send("GET / HT");
  gate.AwaitEntry();
  server.Stop();
  EXPECT_EQ(waiting.ReceiveAll(), "");
  EXPECT_EQ(in_header.ReceiveAll(), "");
  gate.Open();
  server.Join();
}

TEST(ServerStop, MayComeBeforeRun) {
  auto server = Server::Listen({}, Echo);
  ASSERT_TRUE(server.ok());
  (*server)->Stop();
  (*server)->Stop();
  (*server)->Run();
}

TEST(ServerStop, MayNeverRun) {
  ASSERT_TRUE(Server::Listen({}, Echo).ok());
}

Server* stopped_by_signal = nullptr;

TEST(ServerStop, MayComeFromASignalHandler) {
  auto server = Server::Listen({}, [](const Request& request) {
    raise(SIGUSR1);
    return Echo(request);
  });
  ASSERT_TRUE(server.ok());
  stopped_by_signal = server->get();
  const auto before = signal(SIGUSR1, [](int) { stopped_by_signal->Stop(); });
  RawClient client((*server)->port());
  client.Send(Get("/"));
  client.EndSending();
  (*server)->Run();
  EXPECT_EQ(client.Receive().status, 200);
  signal(SIGUSR1, before);
}

}  // namespace
}  // namespace lockstep::http
