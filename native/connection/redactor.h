// Redactor: takes secrets out of a stream, also where a chunk ends in the middle of one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::connection {

class Redactor {
 public:
  /// Shorter ones than kShortest are left: they occur by chance, and keep nothing secret.
  static constexpr std::size_t kShortest = 4;
  explicit Redactor(const std::vector<std::string_view>& secrets);

  /// What can be shown now. Holds back what could be the beginning of a secret.
  std::string Feed(std::string_view chunk);
  /// At the end of the stream.
  std::string Finish();

  /// A whole text.
  std::string Redact(std::string_view text) const;

 private:
  std::string Take(std::string_view text, bool more_may_come, std::string& held) const;
  std::vector<std::string> secrets_;  // longest first: one may begin with another
  std::string first_bytes_;
  std::string held_;
};

}  // namespace lockstep::connection
