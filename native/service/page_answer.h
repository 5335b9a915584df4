// PageAnswer: how methods that list things read what page is asked for, and write it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.h"
#include "core/service/paging.h"
#include "native/service/context.h"

namespace lockstep::service {

constexpr std::size_t kEverything = 0;  ///< for lists that are short: one page, unless it is asked

inline base::Result<Page> PageOf(const Call& call, std::size_t by_default = 10) {
  return Page::Parse(call.Get("pageSize"), call.Get("pageToken"), by_default);
}

/// {KEY: […], "nextPageToken": …} of those that are on the page.
template <class Item, class Write>
std::string WritePage(std::string_view key, const std::vector<Item>& items, const Page& page,
                      Write write) {
  base::JsonWriter writer;
  writer.BeginObject().Key(key).BeginArray();
  for (std::size_t i = page.offset; i < page.End(items.size()); ++i) write(writer, items[i]);
  writer.EndArray().Member("nextPageToken", page.NextToken(items.size()));
  return writer.EndObject().Take();
}

}  // namespace lockstep::service
