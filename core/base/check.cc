#include "core/base/check.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace lockstep::base {
namespace {

void PrintToStderr(std::string_view message) {
  std::fwrite(message.data(), 1, message.size(), stderr);
  std::fputc('\n', stderr);
}

CheckHandler check_handler = PrintToStderr;

}  // namespace

void SetCheckHandler(CheckHandler handler) {
  check_handler = handler;
}

void CheckFailed(const char* file, int line, const char* condition, std::string_view message) {
  std::string text = "lockstep bug: ";
  text.append(file).append(":").append(std::to_string(line)).append(": ");
  text.append(condition).append(": ").append(message);
  check_handler(text);
  std::abort();
}

void IndexOutOfRange() {
  LOCKSTEP_CHECK(false, "index out of range");
  std::abort();
}

}  // namespace lockstep::base
