// Terminal: the built program on a pseudo-terminal, and the screen that a person would see. It
// understands what Lockstep may use (line ends, colours, cursor up, erase below) and counts
// everything else as a mistake.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/e2e/program.h"

namespace lockstep::e2e {

class Terminal {
 public:
  Terminal(const Folder& folder, const Words& words, int columns, int rows,
           const Environment& environment = {});
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Reads until `wanted` holds for the screen; false when the program ends or a minute passes
  /// before.
  bool WaitFor(const std::function<bool(const Terminal&)>& wanted);
  bool WaitForText(const std::string& text);
  void Resize(int columns, int rows);
  void Type(const std::string& keys);  ///< "\x03" is Ctrl-C
  /// Reads the rest and gives the exit code.
  int Wait();

  std::string Screen() const;  ///< all lines, from the first that was ever written
  const std::string& raw() const { return raw_; }
  const std::string& mistakes() const { return mistakes_; }
  pid_t pid() const { return pid_; }

 private:
  bool ReadSome();
  void Take(std::string_view bytes);
  void Put(const std::string& character);
  void Escape(std::string_view sequence);

  pid_t pid_ = -1;
  int master_ = -1;
  std::size_t columns_;
  std::string raw_, mistakes_, pending_;
  std::vector<std::vector<std::string>> lines_ = {{}};  // of characters
  std::size_t row_ = 0, column_ = 0;
};

}  // namespace lockstep::e2e
