#include "native/connection/target.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "core/base/text.h"
#include "native/connection/unavailable.h"

namespace lockstep::connection {
namespace {

namespace fs = std::filesystem;

/// With the links of its folder resolved, and its own when it exists: the client follows none.
std::string Resolved(const fs::path& path) {
  std::error_code ec;
  const fs::path absolute = fs::absolute(path, ec);
  const fs::path resolved = fs::weakly_canonical(absolute, ec);
  return (ec ? absolute : resolved).string();
}

/// "data" holds hr as data/hr.db; a host that is itself a file is that database.
std::string SqliteFile(std::string_view host, std::string_view database,
                       const std::string& folder) {
  const fs::path at = fs::path(folder) / host;
  std::error_code ec;
  if (fs::is_regular_file(at, ec)) return Resolved(at);
  return Resolved(at / (std::string(database) + ".db"));
}

bool IsFolder(std::string_view host, const std::string& folder) {
  std::error_code ec;
  return fs::is_directory(fs::path(folder) / host, ec);
}

/// "data" holds hr as data/hr.fdb.
std::string FirebirdFile(std::string_view host, std::string_view database,
                         const std::string& folder) {
  return Resolved(fs::path(folder) / host / (std::string(database) + ".fdb"));
}

/// A path (with a slash) is made absolute: of a socket, or of the folder of sockets.
std::string ServerHost(std::string_view host, const std::string& folder) {
  if (host.find('/') == std::string_view::npos) return std::string(host);
  return Resolved(fs::path(folder) / host);
}

}  // namespace

base::Result<client::Target> NewTargetOf(const inventory::Inventory& inventory,
                                         inventory::InstanceIndex index, std::string_view database,
                                         const std::string& inventory_folder,
                                         Passwords& passwords) {
  const inventory::Instance& instance = inventory.instances[index];
  const std::string name = base::Quote(instance.name.value);
  const sql::Engine engine = instance.engine.value;
  const client::Client* client = client::ClientFor(engine);
  if (client == nullptr) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "instance " + name + " is " + std::string(sql::Facts(engine).title) +
                           ", for which there is no client yet"};
  }
  const inventory::DataSource* source = instance.Admin();
  if (inventory.synthesized || source == nullptr || source->host.value.empty()) {
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       "the inventory does not say where instance " + name +
                           " is; give it a data source of type ADMIN with a host"};
  }
  client::Target target;
  target.engine = engine;
  if (engine == sql::Engine::kSqlite) {
    if (database.find('/') != std::string_view::npos || database == ".." || database == ".") {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "database " + base::Quote(database) + " is no file name"};
    }
    target.database = SqliteFile(source->host.value, database, inventory_folder);
    return target;
  }
  const bool is_file =
      engine == sql::Engine::kFirebird && IsFolder(source->host.value, inventory_folder);
  const auto password = passwords.Of(instance);
  if (!password.ok()) {
    return base::Error{password.error().code,
                       "the password of instance " + name + ": " + password.error().message};
  }
  target.database = is_file ? FirebirdFile(source->host.value, database, inventory_folder)
                            : std::string(database);
  if (!is_file) target.host = ServerHost(source->host.value, inventory_folder);
  target.port = source->port.value;
  target.username = source->username.value;
  target.password = *password;
  return target;
}

base::Result<client::Target> TargetOf(const inventory::Inventory& inventory,
                                      inventory::DatabaseIndex index,
                                      const std::string& inventory_folder, Passwords& passwords) {
  const inventory::Database& database = inventory.databases[index];
  return NewTargetOf(inventory, database.instance, database.database, inventory_folder, passwords);
}

bool IsOnThisMachine(const inventory::Instance& instance) {
  const inventory::DataSource* source = instance.Admin();
  const std::string_view host = source == nullptr ? "" : std::string_view(source->host.value);
  return instance.engine.value == sql::Engine::kSqlite || host.find('/') != host.npos ||
         host == "localhost" || host == "::1" || host.starts_with("127.");
}

base::Status CheckReachable(const client::Target& target, bool will_be_created) {
  if (target.engine != sql::Engine::kSqlite) return {};
  const std::string& path = target.database;
  const std::string folder = fs::path(path).parent_path().string();
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    return Unavailable(
        "the folder " + base::Quote(folder) +
        " cannot be written, and the database's journal has to stand there: " + strerror(errno));
  }
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT && will_be_created) return {};
    return Unavailable("the database file " + base::Quote(path) +
                       " cannot be found: " + strerror(errno));
  }
  if (!S_ISREG(info.st_mode)) return Unavailable(base::Quote(path) + " is no regular file");
  if (access(path.c_str(), R_OK | W_OK) != 0) {
    return Unavailable("the database file " + base::Quote(path) +
                       " cannot be written: " + strerror(errno));
  }
  if (info.st_size == 0) return {};  // a database without tables
  char header[16] = {};
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t n = fd < 0 ? -1 : read(fd, header, sizeof(header));
  if (fd >= 0) close(fd);
  if (n != sizeof(header) || memcmp(header, "SQLite format 3", 16) != 0) {
    return Unavailable(base::Quote(path) + " is no SQLite database");
  }
  return {};
}

const std::string& HostOf(const client::Target& target) {
  const bool is_file = target.engine == sql::Engine::kSqlite ||
                       (target.engine == sql::Engine::kFirebird && target.host.empty());
  return is_file ? target.database : target.host;
}

bool IsAllowed(const client::Target& target, const std::vector<std::string>& patterns) {
  const std::string& host = HostOf(target);
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
           return fnmatch(pattern.c_str(), host.c_str(), 0) == 0;
         });
}

}  // namespace lockstep::connection
