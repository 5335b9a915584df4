// Requests with bytes flipped, cut, inserted and repeated: never a crash or a hang, and whoever
// comes afterwards is served.
#include "core/base/prng.h"
#include "tests/unit/http/http_fixture.h"

namespace lockstep::http {
namespace {

constexpr int kTrials = 20'000;

const std::string kSeeds[] = {
    Get("/v1/projects/hr/plans/101?pageSize=10&filter=a%20%3D%20b"),
    "POST /v1/plans HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    "Content-Length: 13\r\n\r\n{\"title\":\"a\"}",
    "PATCH /v1/plans/1?updateMask=title HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;a=\"b\"\r\nhello\r\na\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
    "HEAD http://a/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET /events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 7\r\n\r\n" + Get("/next"),
};

std::string Mutated(std::string text, base::Prng& prng) {
  const std::uint64_t changes = 1 + prng.Below(4);
  for (std::uint64_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = prng.Below(text.size());
    const std::size_t length = 1 + prng.Below(prng.Chance(1, 4) ? text.size() : 4);
    switch (prng.Below(6)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ (1 << prng.Below(8)));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, text.substr(prng.Below(text.size()), length));
        break;
      case 3:
        text.resize(at);
        break;
      case 4:
        text[at] =
            "\r\n :;,%\0\xff"
            "09"[prng.Below(11)];
        break;
      default:
        text.insert(at, length, text[at]);
        break;
    }
  }
  return text;
}

class OneEvent : public EventStream {
 public:
  std::optional<std::string> Next() override {
    return std::exchange(said_, true) ? std::nullopt : std::optional<std::string>("data: 1\n\n");
  }

 private:
  bool said_ = false;
};

TEST(ServerFuzz, SurvivesMutatedRequests) {
  ServerOptions options;
  options.event_interval = base::Milliseconds(1);
  RunningServer server(
      [](const Request& request) {
        Response response = Echo(request);
        if (request.path == "/events") response.events = std::make_unique<OneEvent>();
        return response;
      },
      options);
  base::Prng prng(20261128);
  int answered = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::string bytes = Mutated(kSeeds[prng.Below(std::size(kSeeds))], prng);
    if (prng.Chance(1, 4)) bytes += Mutated(kSeeds[prng.Below(std::size(kSeeds))], prng);
    // Other addresses now and then, or the ports of one would run out.
    RawClient client(server.port(), 1 + trial / 4000);
    ASSERT_TRUE(client.connected());
    const std::size_t half = prng.Below(bytes.size() + 1);
    client.Send(std::string_view(bytes).substr(0, half));
    client.Send(std::string_view(bytes).substr(half));
    client.EndSending();
    const std::string answer = client.ReceiveAll();
    if (testing::Test::HasFailure()) FAIL() << "trial " << trial << ": " << bytes;
    if (answer.empty()) continue;
    ++answered;
    ASSERT_TRUE(answer.starts_with("HTTP/1.1 ")) << bytes << answer;
  }
  EXPECT_GT(answered, kTrials / 4);
  RawClient client(server.port());
  client.Send(Get("/after"));
  EXPECT_EQ(client.Receive().body, "GET /after  ");
}

}  // namespace
}  // namespace lockstep::http
