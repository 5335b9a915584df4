#include "core/service/paging.h"

#include <charconv>
#include <limits>
#include <optional>

#include "core/base/text.h"

namespace lockstep::service {
namespace {

constexpr std::size_t kLargest = 1000;
constexpr std::size_t kEverything = std::numeric_limits<std::size_t>::max() / 2;

std::optional<std::size_t> NumberOf(std::string_view text) {
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void ReadSize(json::Reader& reader, SearchRequest& request, const json::Member& member) {
  if (const auto size = reader.Integer(member.value, 0, INT32_MAX))
    request.size = std::to_string(*size);
}

constexpr json::Field<SearchRequest> kSearchFields[] = {
    {"filter", "filter", json::Shape::kText, &ReadString<&SearchRequest::filter>},
    {"query", "query", json::Shape::kText, &ReadString<&SearchRequest::query>},
    {"pageSize", "page_size", json::Shape::kInteger, &ReadSize},
    {"pageToken", "page_token", json::Shape::kText, &ReadString<&SearchRequest::token>},
};

}  // namespace

const json::Message<SearchRequest> kSearchMessage{"the request", kSearchFields};

base::Result<Page> Page::Parse(std::string_view size, std::string_view token,
                               std::size_t by_default) {
  Page page;
  page.size = by_default == 0 ? kEverything : by_default;
  if (!size.empty()) {
    const auto number = NumberOf(size);
    if (!number) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "pageSize " + base::Quote(size) + " is not a whole number"};
    }
    if (*number > 0) page.size = std::min(*number, kLargest);
  }
  if (!token.empty()) {
    const auto number = NumberOf(token.substr(std::min<std::size_t>(1, token.size())));
    if (token[0] != 'o' || !number || *number > kEverything) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "pageToken " + base::Quote(token) +
                             " is none that this server gave; leave it out for the first page"};
    }
    page.offset = *number;
  }
  return page;
}

std::string Page::NextToken(std::size_t total) const {
  return End(total) < total ? "o" + std::to_string(End(total)) : "";
}

}  // namespace lockstep::service
