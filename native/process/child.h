// Child: a process that the loop has started, its streams, and what waits for them. Included by
// loop.cc alone.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <utility>

#include "native/process/launcher.h"
#include "native/process/loop.h"

namespace lockstep::process {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using Process = boost::process::v2::basic_process<asio::io_context::executor_type>;
using ErrorCode = boost::system::error_code;

struct Child {
  Child(asio::io_context& io, Process started)
      : process(std::move(started)),
        pid(process.id()),
        streams{stream_descriptor(io), stream_descriptor(io)},
        input(io),
        pidfd(io),
        ladder(io),
        drain(io) {}

  Process
      process;  // detached once it is reaped: its destructor would kill whoever has the pid then
  pid_t pid;
  std::array<stream_descriptor, 2> streams;
  stream_descriptor input;  // closed when it is a file
  std::string unwritten;
  bool writing = false, input_ends = false;
  stream_descriptor pidfd;
  asio::steady_timer ladder, drain;
  std::shared_ptr<const Loop::Listener> listener;
  ExitStatus status;
  bool reaped = false;
  bool stopping = false;
};

}  // namespace lockstep::process
