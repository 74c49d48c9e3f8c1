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

// Reasons for which a page leaves no record.
namespace reason {
inline constexpr const char* kNoText = "no text";
inline constexpr const char* kTooLarge = "too large";
}  // namespace reason

}  // namespace gpt::crawl
