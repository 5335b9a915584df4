// Front: who is answered at all.
#include "native/service/front.h"

#include "native/ledger/database.h"
#include "native/ledger/ledger_impl.h"
#include "service_fixture.h"

namespace lockstep::service {
namespace {

class FrontTest : public ServiceTest {
 protected:
  int StatusFor(const std::string& host, const std::string& origin = "") {
    Front front(*service_, {.tokens = {}, .page = ""});
    http::Request request;
    request.method = "GET";
    request.path = "/v1/projects/p/plans";
    request.host = host;
    request.origin = origin;
    return front.Answer(request).status;
  }
};

TEST_F(FrontTest, NamesOfOthersForThisMachineAreRefused) {
  for (const char* host :
       {"localhost", "localhost:8080", "127.0.0.1:8080", "127.1.2.3", "[::1]", "[::1]:8080"})
    EXPECT_EQ(StatusFor(host), 200) << host;
  for (const char* host : {"", "example.com", "127.example.com:8080", "127.0.0.1.example.com",
                           "localhost.example.com"})
    EXPECT_EQ(StatusFor(host, "http://" + std::string(host)), 403) << host;
  EXPECT_EQ(StatusFor("localhost:8080", "http://localhost:8080"), 200);
  EXPECT_EQ(StatusFor("localhost:8080", "http://localhost:8081"), 403) << "another site";
  EXPECT_EQ(StatusFor("localhost:8080", "null"), 403);
}

TEST_F(FrontTest, AConnectionThatMayBeLostIsNotUsedAgain) {
  const auto mark = [](Context& context) {
    return context.ledger.impl().db->Execute("CREATE TEMP TABLE mark(x)");
  };
  ASSERT_TRUE(service_->With(mark).ok());
  EXPECT_FALSE(service_->With(mark).ok()) << "the same connection";
  (void)service_->With([](Context&) -> base::Status {
    return base::Error{base::ErrorCode::kUnavailable, "out of reach"};
  });
  EXPECT_TRUE(service_->With(mark).ok()) << "another one";
}

}  // namespace
}  // namespace lockstep::service
