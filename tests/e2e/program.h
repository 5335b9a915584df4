// Starting the built program from a test: in a folder of its own, with pipes or on a
// pseudo-terminal.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace lockstep::e2e {

using Environment = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

struct Ended {
  int code = -1;  ///< 128 + n when signal n killed it
  std::string out, err;
  long peak_kb = 0;  ///< resident memory of the largest of it and its children
};

/// A fresh folder, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  void Write(const std::string& name, const std::string& text) const;  ///< makes folders on the way
  std::string Read(const std::string& name) const;                     ///< "" when it is not there

 private:
  std::string path_;
};

/// Starts it in the folder, feeds it `input` and waits for its end. Its environment is PATH, HOME
/// (the folder) and what is given; nothing is inherited. `words[0]` is the program; "lockstep" is
/// the built one.
Ended RunProgram(const Folder& folder, const Words& words, const std::string& input = "",
                 const Environment& environment = {});

/// lockstep WORDS…
Ended Lockstep(const Folder& folder, Words words, const std::string& input = "",
               const Environment& environment = {});

/// sqlite3 DATABASE SQL: what it prints.
std::string Sqlite(const Folder& folder, const std::string& database, const std::string& sql);

/// A rollout of `sheets` (in this order, each depending on the one before) on one database
/// data/hr.db that has a table t(a INTEGER PRIMARY KEY): plan.json, inventory.json, sheets/1.sql …
void WriteRollout(const Folder& folder, const Words& sheets);

std::string ProgramPath(const std::string& name);
Environment Complete(const Folder& folder, Environment environment);

}  // namespace lockstep::e2e
