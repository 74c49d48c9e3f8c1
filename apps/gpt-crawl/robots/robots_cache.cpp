#include "apps/gpt-crawl/robots/robots_cache.hpp"

#include "apps/gpt-crawl/run_counts.hpp"

namespace gpt::crawl {

RobotsEntry& RobotsCache::entry(const std::string& origin, std::chrono::steady_clock::time_point now) {
  auto& entry = entries_[origin];
  if (entry.stage == RobotsEntry::Stage::known && now - entry.fetched > std::chrono::hours(24))
    entry = RobotsEntry{};
  return entry;
}

void RobotsCache::enter(const std::string& origin, const FetchResult& result,
                        std::chrono::steady_clock::time_point now) {
  auto& entry = entries_[origin];
  entry = RobotsEntry{};
  entry.stage = RobotsEntry::Stage::known;
  entry.fetched = now;
  if (result.status >= 200 && result.status < 300 && result.failure.empty()) {
    entry.rules = RobotsRules::parse(result.body, product_token_);
  } else if (result.status >= 300 && result.status < 500) {
    entry.rules = RobotsRules::allow_all();
  } else {
    entry.rules = RobotsRules::forbid_all();
    const bool private_address = result.failure == reason::kPrivateAddress;
    entry.failure = private_address ? reason::kPrivateAddress : reason::kRobotsUnreachable;
    if (private_address)
      entry.detail = result.detail;
    else
      entry.detail = result.failure.empty() ? "status " + std::to_string(result.status) : result.failure;
  }
}

}  // namespace gpt::crawl
