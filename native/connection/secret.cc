#include "native/connection/secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "core/base/text.h"
#include "native/connection/find_program.h"
#include "native/connection/read_file.h"
#include "native/process/loop.h"

namespace lockstep::connection {
namespace {

constexpr std::uint64_t kMaxSecretBytes = 64 << 10;

Secret WithoutLineEnd(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return Secret(std::move(text));
}

base::Result<Secret> FromFile(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) != 0) {
    return base::Error{
        base::ErrorCode::kPermissionDenied,
        "the secret file " + base::Quote(path) + " can be read by others; `chmod 600` it"};
  }
  auto text = ReadFile(path, kMaxSecretBytes);
  if (!text.ok()) return text.error();
  return WithoutLineEnd(std::move(*text));
}

/// In the environment of the runner, since that is where such programs find their own credentials.
base::Result<Secret> FromCommand(const std::vector<std::string_view>& words,
                                 const std::string& folder) {
  const auto program = FindProgram(std::string(words.front()));
  if (!program.ok()) return program.error();
  process::Command command{
      .program = *program, .args = {}, .env = {}, .input = {}, .folder = folder, .files = {}};
  command.args.assign(words.begin() + 1, words.end());
  for (char** variable = environ; *variable != nullptr; ++variable)
    command.env.emplace_back(*variable);
  process::Loop loop;
  std::string out;
  process::ExitStatus ended;
  bool late = false;
  const auto child =
      loop.Spawn(command, {[&out](process::Stream stream, std::string_view bytes) {
                             if (stream == process::Stream::kOut && out.size() <= kMaxSecretBytes)
                               out += bytes;
                           },
                           [&ended](const process::ExitStatus& s) { ended = s; }});
  if (!child.ok()) return child.error();
  loop.After(kCommandLimit, [&] {
    late = true;
    loop.Kill(*child);
  });
  while (loop.running() > 0) loop.Run({-1});
  Secret secret = WithoutLineEnd(std::move(out));
  if (!late && ended.code == 0 && ended.signal == 0 && !secret.empty()) return secret;
  const std::string why = late ? "did not end in " + base::FormatDuration(kCommandLimit)
                          : ended.signal != 0
                              ? "was ended by signal " + std::to_string(ended.signal)
                          : ended.code != 0 ? "ended with exit code " + std::to_string(ended.code)
                                            : "printed nothing";
  return base::Error{base::ErrorCode::kUnavailable,
                     "the password command " + base::Quote(words.front()) + " " + why};
}

}  // namespace

Secret& Secret::operator=(Secret&& other) noexcept {
  Wipe();
  value_ = std::move(other.value_);
  other.Wipe();
  return *this;
}

void Secret::Wipe() {
  explicit_bzero(value_.data(), value_.size());
  value_.clear();
}

base::Result<Secret> ReadSecret(const inventory::SecretReference& reference,
                                const std::string& folder) {
  const std::string name(reference.name);
  switch (reference.kind) {
    case inventory::SecretReference::Kind::kNone:
      return Secret();
    case inventory::SecretReference::Kind::kEnvironment: {
      const char* value = getenv(name.c_str());
      if (value != nullptr) return Secret(value);
      return base::Error{base::ErrorCode::kUnavailable,
                         "the environment variable " + base::Quote(name) + " is not set"};
    }
    case inventory::SecretReference::Kind::kFile:
      return FromFile((std::filesystem::path(folder) / name).string());
    case inventory::SecretReference::Kind::kCommand:
      return FromCommand(reference.command, folder);
  }
  return Secret();
}

}  // namespace lockstep::connection
