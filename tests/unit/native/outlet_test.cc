// Readers that are slow, stand still or go away.
#include "native/process/outlet.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace lockstep::process {
namespace {

class OutletTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    signal(SIGPIPE, SIG_IGN);
    if (GetParam()) {
      ASSERT_EQ(pipe(ends_), 0);
    } else {
      ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0);
    }
  }
  void TearDown() override { CloseReader(), close(ends_[1]); }
  void CloseReader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }
  /// Everything, once the writer's end is closed.
  std::string ReadAll() const {
    std::string all, buffer(1 << 16, '\0');
    for (;;) {
      const ssize_t n = read(ends_[0], buffer.data(), buffer.size());
      if (n <= 0) return all;
      all.append(buffer, 0, static_cast<std::size_t>(n));
    }
  }
  void CloseWriter() {
    close(ends_[1]);
    ends_[1] = -1;
  }
  int writer() const { return ends_[1]; }
  int ends_[2] = {-1, -1};
};
INSTANTIATE_TEST_SUITE_P(To, OutletTest, testing::Bool(),
                         [](const auto& param) { return param.param ? "Pipe" : "Socket"; });

TEST_P(OutletTest, WaitsForTheReaderUnlessHurried) {
  const std::string text(3 << 20, 'x');
  std::string got;
  std::thread reader([&] { got = ReadAll(); });
  {
    Outlet outlet(writer());
    outlet.Write(text);
    EXPECT_FALSE(outlet.behind());
    outlet.Write("end");
  }
  CloseWriter();
  reader.join();
  EXPECT_EQ(got, text + "end");
}

TEST_P(OutletTest, AHurriedOneQueuesWhatNobodyReads) {
  const std::string text(3 << 20, 'x');
  std::string got;
  std::thread reader;
  {
    Outlet outlet(writer());
    outlet.Hurry(true);
    outlet.Write(text);  // returns, although nobody reads
    outlet.Write("end");
    EXPECT_TRUE(outlet.behind());
    EXPECT_FALSE(outlet.Flush({10}));
    outlet.Hurry(false);
    reader = std::thread([&] { got = ReadAll(); });
    EXPECT_TRUE(outlet.Flush({-1}));
  }
  CloseWriter();
  reader.join();
  EXPECT_EQ(got, text + "end");
  // The file is shared with whoever gave it to us.
  EXPECT_EQ(fcntl(ends_[0], F_GETFL) & O_NONBLOCK, 0);
}

TEST_P(OutletTest, AFullQueueDropsWholeTextsAndCountsThem) {
  std::string got;
  std::thread reader;
  {
    Outlet outlet(writer(), 1000);
    outlet.Hurry(true);
    outlet.Write(std::string(2 << 20, 'x'));  // one text is always taken
    outlet.Write("dropped");
    outlet.Write("too");
    EXPECT_EQ(outlet.dropped(), 10u);
    reader = std::thread([&] { got = ReadAll(); });
    EXPECT_TRUE(outlet.Flush({-1}));
    outlet.Write("again");
    outlet.Hurry(false);
    EXPECT_TRUE(outlet.Flush({-1}));
  }
  CloseWriter();
  reader.join();
  EXPECT_EQ(got, std::string(2 << 20, 'x') + "again");
}

TEST_P(OutletTest, AReaderThatWentAwayIsNoError) {
  Outlet outlet(writer());
  outlet.Hurry(true);
  outlet.Write(std::string(2 << 20, 'x'));
  CloseReader();
  EXPECT_TRUE(outlet.Flush({-1}));
  outlet.Write("more");
  EXPECT_TRUE(outlet.closed());
  EXPECT_EQ(outlet.error(), 0);
  EXPECT_FALSE(outlet.behind());
}

TEST(Outlet, AFullDiskIsAnError) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  Outlet outlet(full);
  outlet.Write("x");
  EXPECT_EQ(outlet.error(), ENOSPC);
  close(full);
}

}  // namespace
}  // namespace lockstep::process
