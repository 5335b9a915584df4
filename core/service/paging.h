// Paging: pageSize and pageToken of a list, as Bytebase takes them: 10 by default, at most 1,000,
// and a token that nobody reads but the server (plan-semantics §6.1).
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/service/message.h"

namespace lockstep::service {

struct Page {
  std::size_t offset = 0;
  std::size_t size = 10;

  /// kInvalidArgument for a size that is no number or negative, or a token that is none of ours.
  /// Empty texts are absent ones. `by_default`: 0 is everything.
  static base::Result<Page> Parse(std::string_view size, std::string_view token,
                                  std::size_t by_default = 10);
  /// "" after the last of `total`.
  std::string NextToken(std::size_t total) const;
  std::size_t End(std::size_t total) const { return std::min(total, offset + size); }
};

/// What a search says in its body; a list says the same in its query.
struct SearchRequest {
  std::string filter, query, size, token;
};
extern const json::Message<SearchRequest> kSearchMessage;

}  // namespace lockstep::service
