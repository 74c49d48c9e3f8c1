#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/gpt-crawl/extract/page.hpp"

namespace gpt::crawl {

// Where a page came from; the JSON values that are not known are null.
struct PageOrigin {
  std::string url;
  std::optional<std::string> fetched_at;  // "2025-01-31T12:00:00Z"
  std::optional<long> status;
};

// Appends {"url","title","text","lang","fetched_at","status"} and a line end (docs/formats/documents.md).
void append_page_record(std::string& out, const Page& page, const PageOrigin& origin);

// The same with further members: extra is the inside of a JSON object, or empty.
void append_page_record_with(std::string& out, const Page& page, const PageOrigin& origin,
                             std::string_view extra);

// The present time in UTC to the second, as ISO 8601 writes it.
std::string utc_now();

}  // namespace gpt::crawl
