#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>

#include "apps/gpt-crawl/extract/page.hpp"
#include "apps/gpt-crawl/fetch/fetcher.hpp"
#include "apps/gpt-crawl/frontier/crawl_state.hpp"
#include "apps/gpt-crawl/frontier/host_queue.hpp"
#include "apps/gpt-crawl/options.hpp"
#include "apps/gpt-crawl/robots/robots_cache.hpp"

namespace gpt::crawl {

enum class KeepLinks { no, yes };

// What a crawl tells while it goes.
struct CrawlSinks {
  std::function<void(const std::string& record)> page;
  // message names the address and says more than the reason, which is one of reason:: or a failure of the
  // network.
  std::function<void(std::int64_t depth, const std::string& reason, const std::string& message)> skipped;
  std::function<void(const WebCounts& counts)> progress;
};

// Fetches what waits in the state and what it links to, host by host in the order met, several hosts at a
// time.
class Crawler {
 public:
  Crawler(const CrawlLimits& limits, KeepLinks keep_links, CrawlState& state, CrawlSinks sinks);

  // Until nothing waits or max_pages are visited. A requested stop leaves the state committed and throws
  // cli::StoppedOnRequest; requests under way are given up and wait again.
  void run();

 private:
  using Clock = HostQueue::Clock;

  // A request under way, for a page or for a robots.txt.
  struct Job {
    HostQueue* host = nullptr;
    QueuedUrl page;      // id 0 for a robots.txt
    Url url;             // being fetched; for a robots.txt after redirects
    std::string origin;  // whose robots.txt it is
    int redirects = 0;
    bool for_robots() const { return page.id == 0; }
  };

  HostQueue& host_of(const std::string& name);
  void start_what_may_start(Clock::time_point now);
  void start_next_of(HostQueue& host, Clock::time_point now);
  void start_robots(HostQueue& host, const Url& url, Clock::time_point now);
  void start_page(HostQueue& host, const QueuedUrl& item, Clock::time_point now);
  void fetch(Job job, Accept accept);
  bool limit_reached() const;
  std::chrono::milliseconds time_to_next_start(Clock::time_point now);

  void take_result(const FetchResult& result, Clock::time_point now);
  void take_robots(Job job, const FetchResult& result, Clock::time_point now);
  void take_page(const Job& job, const FetchResult& result);
  void take_failure(const Job& job, const FetchResult& result);
  void take_redirect(const Job& job, const FetchResult& result);
  void take_html(const Job& job, const FetchResult& result);
  void follow_links(const Job& job, const Page& page, bool nofollow);
  void skip(const QueuedUrl& item, const std::string& reason, const std::string& detail = {});

  const CrawlLimits& limits_;
  KeepLinks keep_links_;
  CrawlState& state_;
  CrawlSinks sinks_;
  Fetcher fetcher_;
  RobotsCache robots_;
  std::map<std::string, HostQueue> hosts_;
  std::unordered_map<std::uint64_t, Job> jobs_;
  std::uint64_t next_tag_ = 0;
  std::uint64_t pages_in_flight_ = 0;
};

}  // namespace gpt::crawl
