// Server-sent events.
#include <atomic>
#include <mutex>

#include "tests/unit/http/http_fixture.h"

namespace lockstep::http {
namespace {

/// What a stream is asked for, and whether it is still there.
struct Source {
  std::mutex mutex;
  std::string text;
  bool ended = false;
  std::atomic<int> alive = 0;
  std::promise<void> gone;  // set when the last one is

  void Say(std::string more) {
    const std::lock_guard lock(mutex);
    text += more;
  }
};

class SourceStream : public EventStream {
 public:
  explicit SourceStream(Source& source) : source_(source) { ++source_.alive; }
  ~SourceStream() override {
    if (--source_.alive == 0) source_.gone.set_value();
  }
  std::optional<std::string> Next() override {
    const std::lock_guard lock(source_.mutex);
    if (!source_.text.empty()) return std::exchange(source_.text, "");
    if (source_.ended) return std::nullopt;
    return "";
  }

 private:
  Source& source_;
};

Handler StreamOf(Source& source) {
  return [&source](const Request& request) {
    if (request.path != "/events") return Echo(request);
    Response response;
    response.events = std::make_unique<SourceStream>(source);
    return response;
  };
}

ServerOptions Quick() {
  ServerOptions options;
  options.event_interval = base::Milliseconds(5);
  return options;
}

TEST(Events, ArriveAsTheyHappenUntilTheEnd) {
  Source source;
  RunningServer server(StreamOf(source), Quick());
  RawClient client(server.port());
  client.Send(Get("/events"));
  const Answer answer = client.Receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.head.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(answer.head.find("Cache-Control: no-store\r\n"), std::string::npos);
  source.Say("data: 1\n\n");
  EXPECT_EQ(client.ReceiveUntil("\n\n"), "data: 1\n\n");
  source.Say("data: 2\n\n");
  EXPECT_EQ(client.ReceiveUntil("2\n\n"), "data: 1\n\ndata: 2\n\n");
  {
    const std::lock_guard lock(source.mutex);
    source.ended = true;
  }
  EXPECT_EQ(client.ReceiveAll(), "data: 1\n\ndata: 2\n\n");
}

TEST(Events, AHeartbeatIsHeardWhenThereAreNone) {
  Source source;
  ServerOptions options = Quick();
  options.heartbeat = base::Milliseconds(20);
  RunningServer server(StreamOf(source), options);
  RawClient client(server.port());
  client.Send(Get("/events"));
  client.Receive();
  EXPECT_TRUE(client.ReceiveUntil(":\n\n:\n\n").starts_with(":\n\n:\n\n"));
}

TEST(Events, AStreamEndsWithItsClient) {
  Source source;
  RunningServer server(StreamOf(source), Quick());
  RawClient client(server.port());
  client.Send(Get("/events"));
  EXPECT_EQ(client.Receive().status, 200);
  client.Close();
  EXPECT_EQ(source.gone.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(Events, AStreamEndsWithTheServer) {
  Source source;
  ServerOptions options;
  options.event_interval = base::Seconds(3600);
  options.drain_timeout = base::Seconds(3600);
  RunningServer server(StreamOf(source), options);
  RawClient client(server.port());
  client.Send(Get("/events"));
  EXPECT_EQ(client.Receive().status, 200);
  server.Stop();
  EXPECT_EQ(client.ReceiveAll(), "");
  client.Close();
  server.Join();
}

TEST(Events, HeadGetsNone) {
  Source source;
  RunningServer server(StreamOf(source), Quick());
  RawClient client(server.port());
  client.Send("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n" + Get("/next"));
  EXPECT_NE(client.Receive(true).head.find("text/event-stream"), std::string::npos);
  EXPECT_EQ(client.Receive().body, "GET /next  ");
}

TEST(Events, AThousandIdleStreamsKeepNobodyWaiting) {
  RaiseDescriptorLimit();
  Source source;
  RunningServer server(StreamOf(source));
  std::vector<RawClient> streams;
  for (int i = 0; i < 1000; ++i) {
    streams.emplace_back(server.port());
    streams.back().Send(Get("/events"));
  }
  for (RawClient& stream : streams) ASSERT_EQ(stream.Receive().status, 200);
  EXPECT_EQ(source.alive, 1000);
  RawClient client(server.port());
  for (int i = 0; i < 100; ++i) {
    client.Send(Get("/"));
    ASSERT_EQ(client.Receive().status, 200);
  }
}

}  // namespace
}  // namespace lockstep::http
