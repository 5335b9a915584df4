#include "native/http/message.h"

#include <gtest/gtest.h>

namespace lockstep::http {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

TEST(Message, PercentEncodingGoesBothWays) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(PercentDecoded(PercentEncoded(all)), all);
  EXPECT_EQ(PercentEncoded("a/b c~\xc3\xa4"), "a%2Fb%20c~%C3%A4");
  EXPECT_EQ(PercentDecoded("a%2fb+c"), "a/b+c");
  for (const char* bad : {"%", "%1", "a%", "%zz", "%1g", "%%20"}) {
    EXPECT_FALSE(PercentDecoded(bad)) << bad;
  }
}

TEST(Message, TargetsHaveAPathAndParametersInOrder) {
  Request request;
  ASSERT_TRUE(ParseTarget("/v1/a%2Fb:c?z=1&a=&b&a=x+y%26&&=", request));
  EXPECT_EQ(request.path, "/v1/a%2Fb:c");
  EXPECT_EQ(request.query, (Query{{"z", "1"}, {"a", ""}, {"b", ""}, {"a", "x y&"}, {"", ""}}));
}

TEST(Message, TargetsMayNameTheServer) {
  Request request;
  ASSERT_TRUE(ParseTarget("http://localhost:80/a?b=c", request));
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.query, (Query{{"b", "c"}}));
}

TEST(Message, OtherTargetsAreNone) {
  for (const char* bad : {"", "a", "*", "host:443", "http://host", "/%", "/a?b=%4", "/a?%=b"}) {
    Request request;
    EXPECT_FALSE(ParseTarget(bad, request)) << bad;
  }
}

TEST(Message, ErrorsAreThoseOfGrpcGateway) {
  const Response response = ErrorResponse(404, RpcCode::kNotFound, "no \"a\"");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"code":5,"message":"no \"a\"","details":[]})");
}

}  // namespace
}  // namespace lockstep::http
