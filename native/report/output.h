// Output: standard output and standard error, written whole, and what is known about who reads
// them.
#pragma once

#include <string>
#include <string_view>

#include "native/process/outlet.h"

namespace lockstep::report {

class Output {
 public:
  explicit Output(int descriptor);

  /// A reader that went away is no error: what follows is dropped without a word.
  void Write(std::string_view text);
  /// A rollout begins (true) or has ended: see Outlet. What had to be left out is told at the end.
  void Hurry(bool on);
  bool terminal() const { return terminal_; }
  /// Colours: only on a terminal, never with NO_COLOR or TERM=dumb.
  bool color() const { return color_; }
  /// A cursor that can be moved: live progress.
  bool movable() const { return movable_; }
  int width() const;  ///< columns now; 80 when nobody knows
  int error() const { return outlet_.error(); }
  bool closed() const { return outlet_.closed(); }
  bool behind() const { return outlet_.behind(); }  ///< the reader has not taken everything yet

 private:
  process::Outlet outlet_;
  bool terminal_ = false, color_ = false, movable_ = false;
};

Output& Stdout();
Output& Stderr();

/// "lockstep: message" on standard error.
void Complain(std::string_view message);
std::string ErrorText(int error_number);

/// SGR codes, or nothing without colours.
class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  std::string Red(std::string_view text) const { return Wrap("31", text); }
  std::string Green(std::string_view text) const { return Wrap("32", text); }
  std::string Yellow(std::string_view text) const { return Wrap("33", text); }
  std::string Cyan(std::string_view text) const { return Wrap("36", text); }
  std::string Bold(std::string_view text) const { return Wrap("1", text); }
  std::string Dim(std::string_view text) const { return Wrap("2", text); }

 private:
  std::string Wrap(const char* code, std::string_view text) const;
  bool on_;
};

}  // namespace lockstep::report
