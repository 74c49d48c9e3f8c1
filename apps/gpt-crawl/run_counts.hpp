#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace gpt::crawl {

// What a run did, for its report and closing line. All are sums, so those of several runs add up.
struct RunCounts {
  std::uint64_t pages = 0;                       // records written
  std::uint64_t bytes = 0;                       // of HTML, decompressed, behind all pages visited
  std::uint64_t text_bytes = 0;                  // of the records' texts
  std::map<std::string, std::uint64_t> skipped;  // pages without a record, by reason

  std::uint64_t skipped_in_all() const {
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : skipped) sum += count;
    return sum;
  }
};

// The same for pages fetched from the web.
struct WebCounts : RunCounts {
  std::uint64_t visited = 0;  // responses taken for pages, redirects aside
  std::uint64_t redirects = 0;
  std::map<std::string, std::uint64_t> statuses;  // of all responses for pages ("200", "404")
};

// Reasons for which a page leaves no record.
namespace reason {
inline constexpr const char* kNoText = "no text";
inline constexpr const char* kTooLarge = "too large";
inline constexpr const char* kNotHtml = "not HTML";
inline constexpr const char* kNoIndex = "noindex";
inline constexpr const char* kRobots = "forbidden by robots.txt";
inline constexpr const char* kRobotsUnreachable = "robots.txt unreachable";
inline constexpr const char* kPrivateAddress = "private address";
inline constexpr const char* kLeavesSite = "redirect leaves the site";
inline constexpr const char* kKnownTarget = "redirect to an address already met";
inline constexpr const char* kTooManyRedirects = "too many redirects";
inline constexpr const char* kBadRedirect = "redirect without an address";
inline constexpr const char* kHostGivenUp = "host given up";
inline constexpr const char* kHttpError = "HTTP error";
}  // namespace reason

}  // namespace gpt::crawl
