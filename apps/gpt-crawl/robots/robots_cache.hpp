#pragma once

#include <chrono>
#include <map>
#include <string>

#include "apps/gpt-crawl/fetch/fetcher.hpp"
#include "apps/gpt-crawl/robots/robots_rules.hpp"

namespace gpt::crawl {

// What is known of the robots.txt of one origin ("https://example.org").
struct RobotsEntry {
  enum class Stage { unknown, being_fetched, known };
  Stage stage = Stage::unknown;
  RobotsRules rules;
  // Where it could not be had at all: the reason for which every page of the origin is skipped.
  std::string failure;
  std::string detail;
  std::chrono::steady_clock::time_point fetched;
};

// The robots.txt of each origin, kept for a day at most (RFC 9309, 2.4).
class RobotsCache {
 public:
  explicit RobotsCache(std::string product_token) : product_token_(std::move(product_token)) {}

  // The entry of an origin; one older than a day is unknown again.
  RobotsEntry& entry(const std::string& origin, std::chrono::steady_clock::time_point now);

  // Enters what came of fetching it, redirects followed (RFC 9309, 2.3.1): its rules on success, everything
  // allowed on 4xx and after too many redirects, everything forbidden on 5xx and when there was no answer.
  void enter(const std::string& origin, const FetchResult& result, std::chrono::steady_clock::time_point now);

 private:
  std::string product_token_;
  std::map<std::string, RobotsEntry> entries_;
};

}  // namespace gpt::crawl
