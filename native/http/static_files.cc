#include "native/http/static_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>

#include "core/base/text.h"
#include "native/process/descriptor.h"

namespace lockstep::http {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view extension, type;
};
constexpr std::array<Kind, 11> kKinds = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".png", "image/png"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
}};

std::string_view TypeOf(const fs::path& file) {
  const std::string extension = base::ToLowerAscii(file.extension().string());
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                 [&](const Kind& k) { return k.extension == extension; });
  return kind == kKinds.end() ? "application/octet-stream" : kind->type;
}

/// Only names between single slashes, so that no spelling of a path means another one.
bool IsPlain(std::string_view path) {
  if (path.find_first_of(std::string_view("\\\0", 2)) != path.npos) return false;
  while (!path.empty()) {
    path.remove_prefix(1);  // "/"
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(name.size());
    if (name == "." || name == ".." || (name.empty() && !path.empty())) return false;
  }
  return true;
}

/// Where the path leads, all links followed; nothing when that is outside of the folder.
std::optional<fs::path> Locate(const std::string& folder, std::string_view path) {
  std::optional<std::string> decoded = PercentDecoded(path);
  if (!decoded || !decoded->starts_with('/') || !IsPlain(*decoded)) return std::nullopt;
  if (decoded->ends_with('/')) *decoded += "index.html";
  std::error_code ec;
  const fs::path root = fs::canonical(folder, ec);
  if (ec) return std::nullopt;
  fs::path file = fs::canonical(root.string() + *decoded, ec);
  if (ec) return std::nullopt;
  const auto [end, unused] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
  if (end != root.end()) return std::nullopt;
  return file;
}

std::optional<std::string> ReadAll(int fd, std::size_t size) {
  std::string text(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = read(fd, text.data() + done, size - done);
    if (n <= 0) return std::nullopt;
    done += static_cast<std::size_t>(n);
  }
  return text;
}

/// Equal tags, equal content: as far as size and time of the last change tell.
std::string TagOf(const struct stat& info) {
  return "\"" + std::to_string(info.st_size) + "-" + std::to_string(info.st_mtim.tv_sec) + "." +
         std::to_string(info.st_mtim.tv_nsec) + "\"";
}

Response NotFound(std::string_view path) {
  return ErrorResponse(404, RpcCode::kNotFound, "there is no file " + base::Quote(path));
}

}  // namespace

Response StaticFiles::Serve(const Request& request) const {
  if (request.method != "GET") {
    Response refused =
        ErrorResponse(405, RpcCode::kUnimplemented, "files can only be read, with GET");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  const std::optional<fs::path> path = Locate(folder_, request.path);
  if (!path) return NotFound(request.path);
  // A pipe would keep the thread waiting for somebody who writes.
  const process::Descriptor file(open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.fd < 0 || fstat(file.fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return NotFound(request.path);
  }
  Response response;
  const std::string tag = TagOf(info);
  response.headers = {{"Cache-Control", "no-cache"}, {"ETag", tag}};
  if (request.if_none_match.find(tag) != std::string::npos) {
    response.status = 304;
    return response;
  }
  std::optional<std::string> body = ReadAll(file.fd, static_cast<std::size_t>(info.st_size));
  if (!body) return NotFound(request.path);
  response.content_type = TypeOf(*path);
  response.body = std::move(*body);
  return response;
}

}  // namespace lockstep::http
