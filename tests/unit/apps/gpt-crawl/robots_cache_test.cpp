#include "apps/gpt-crawl/robots/robots_cache.hpp"

#include <doctest/doctest.h>

#include "apps/gpt-crawl/run_counts.hpp"

using gpt::crawl::FetchResult;
using gpt::crawl::RobotsCache;
using gpt::crawl::RobotsEntry;

namespace {

const auto kNow = std::chrono::steady_clock::now();

RobotsEntry entered(long status, const std::string& body, const std::string& failure = {}) {
  RobotsCache cache("gpt-crawl");
  FetchResult result;
  result.status = status;
  result.body = body;
  result.failure = failure;
  cache.enter("https://example.org", result, kNow);
  return cache.entry("https://example.org", kNow);
}

}  // namespace

TEST_CASE("what a status says about an origin") {
  const std::string rules = "User-agent: *\nDisallow: /a\n";
  CHECK_FALSE(entered(200, rules).rules.allows("/a"));
  CHECK(entered(200, rules).rules.allows("/b"));
  CHECK(entered(404, rules).rules.allows("/a"));
  CHECK(entered(403, "").rules.allows("/a"));
  CHECK(entered(302, "").rules.allows("/a"));  // redirected too often
  CHECK_FALSE(entered(500, "").rules.allows("/b"));
  CHECK(entered(503, "").failure == gpt::crawl::reason::kRobotsUnreachable);
  CHECK(entered(503, "").detail == "status 503");
  CHECK_FALSE(entered(0, "", "timeout").rules.allows("/b"));
  CHECK(entered(0, "", "timeout").detail == "timeout");
  CHECK(entered(0, "", gpt::crawl::reason::kPrivateAddress).failure == gpt::crawl::reason::kPrivateAddress);
}

TEST_CASE("an entry is kept for a day") {
  RobotsCache cache("gpt-crawl");
  CHECK(cache.entry("https://example.org", kNow).stage == RobotsEntry::Stage::unknown);
  FetchResult result;
  result.status = 404;
  cache.enter("https://example.org", result, kNow);
  CHECK(cache.entry("https://example.org", kNow + std::chrono::hours(23)).stage == RobotsEntry::Stage::known);
  CHECK(cache.entry("http://example.org", kNow).stage == RobotsEntry::Stage::unknown);  // another origin
  CHECK(cache.entry("https://example.org", kNow + std::chrono::hours(25)).stage ==
        RobotsEntry::Stage::unknown);
}
