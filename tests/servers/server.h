// Real database servers for tests: on private sockets in a temporary folder, as a user of their own
// when the tests run as root (they refuse to be root), and gone with the test, however it ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace lockstep::tests {

class Server {
 public:
  virtual ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Started, with role "app" (no superuser) whose password is kPassword. Null when the machine has
  /// no such server.
  static std::unique_ptr<Server> StartPostgres();
  static std::unique_ptr<Server> StartMariadb();

  static constexpr char kPassword[] = "pass word-#7\"x";

  /// "POSTGRES"
  virtual std::string engine() const = 0;
  /// As an inventory has it.
  virtual std::string host() const = 0;
  /// An empty database that belongs to app. What was there under this name is gone.
  virtual void MakeDatabase(const std::string& name) = 0;
  /// What the engine's client prints, as the superuser: columns divided by |, rows by line ends.
  virtual std::string Sql(const std::string& database, const std::string& sql) = 0;
  /// PostgreSQL: by TCP at this address, too. Starts it anew.
  virtual void ListenOn(const std::string& address);
  /// A client as the superuser that goes on by itself, and is waited for by whoever has the pid.
  virtual pid_t StartSql(const std::string& database, const std::string& sql) = 0;

  void Kill();   ///< SIGKILL to all of it
  void Start();  ///< and waits until it answers
  std::string Log() const;

 protected:
  Server(std::string user, const std::string& name);
  /// Runs a program as the server's user to its end; its exit code. Output goes to the log.
  int Run(const std::vector<std::string>& words) const;
  virtual std::vector<std::string> Program() const = 0;
  virtual bool Answers() = 0;
  const std::string& folder() const { return folder_; }

 private:
  pid_t Fork(const std::vector<std::string>& words, bool dies_with_us) const;
  std::string user_, folder_;
  pid_t pid_ = 0;
};

/// Runs a program to its end with `input`; what it prints.
std::string Capture(const std::vector<std::string>& words, const std::string& input);
pid_t Background(const std::vector<std::string>& words, const std::string& input);

/// Waits until `condition` holds; false when it does not within a minute.
template <class Condition>
bool Eventually(Condition condition);

}  // namespace lockstep::tests

#include <unistd.h>

template <class Condition>
bool lockstep::tests::Eventually(Condition condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    usleep(10'000);
  }
  return false;
}
