#include "apps/gpt-crawl/crawler.hpp"

#include <algorithm>

#include "apps/gpt-crawl/extract/page_tree.hpp"
#include "apps/gpt-crawl/page_record.hpp"
#include "libcommon/cli/stop_signals.hpp"

namespace gpt::crawl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxConnections = 128;
constexpr std::int64_t kMaxRedirects = 10;
constexpr int kMaxRobotsRedirects = 5;  // RFC 9309, 2.3.1.2
// A host that does not answer so many requests in a row is left alone.
constexpr int kMaxFailuresInRow = 5;
// A Crawl-delay of more would let one host hold up the crawl for ever.
constexpr double kMaxCrawlDelay = 120;
// What a killed crawl loses at most.
constexpr auto kCommitInterval = seconds(2);

bool is_redirect(long status) { return status >= 300 && status < 400 && status != 304; }

}  // namespace

Crawler::Crawler(const CrawlLimits& limits, KeepLinks keep_links, CrawlState& state, CrawlSinks sinks)
    : limits_(limits),
      keep_links_(keep_links),
      state_(state),
      sinks_(std::move(sinks)),
      fetcher_({limits.user_agent, milliseconds(static_cast<std::int64_t>(limits.timeout * 1000)),
                limits.allow_private}),
      robots_(product_token_of(limits.user_agent)) {
  for (const auto& name : state_.waiting_hosts()) host_of(name);
}

HostQueue& Crawler::host_of(const std::string& name) {
  const std::chrono::duration<double> delay(limits_.delay);
  return hosts_.try_emplace(name, name, delay, limits_.connections_per_host).first->second;
}

void Crawler::run() {
  auto last_commit = Clock::now();
  while (true) {
    const auto now = Clock::now();
    start_what_may_start(now);
    const auto pause = time_to_next_start(now);
    if (fetcher_.in_flight() == 0 && (limit_reached() || pause == milliseconds::max())) break;
    for (const auto& result : fetcher_.wait(std::min(pause, milliseconds(1000))))
      take_result(result, Clock::now());
    sinks_.progress(state_.counts());
    if (cli::stop_requested()) {
      state_.commit();
      throw cli::StoppedOnRequest{};
    }
    if (Clock::now() - last_commit >= kCommitInterval) {
      state_.commit();
      last_commit = Clock::now();
    }
  }
  state_.commit();
}

bool Crawler::limit_reached() const {
  return limits_.max_pages > 0 && state_.counts().visited + pages_in_flight_ >= limits_.max_pages;
}

void Crawler::start_what_may_start(Clock::time_point now) {
  for (auto& [name, host] : hosts_) {
    if (limit_reached() || fetcher_.in_flight() >= kMaxConnections) return;
    start_next_of(host, now);
  }
}

// Skips what robots.txt forbids without spending a request, or a pause, on it.
void Crawler::start_next_of(HostQueue& host, Clock::time_point now) {
  while (!limit_reached()) {
    const QueuedUrl* const next = host.front(state_);
    if (next == nullptr) return;
    const auto& entry = robots_.entry(next->url.origin(), now);
    if (entry.stage == RobotsEntry::Stage::being_fetched) return;
    const bool known = entry.stage == RobotsEntry::Stage::known;
    const bool forbidden = known && !entry.rules.allows(next->url.target());
    if (!forbidden && !host.may_start(now)) return;
    if (!known) {
      start_robots(host, next->url, now);
      return;
    }
    const QueuedUrl item = *next;
    host.pop();
    if (!forbidden)
      start_page(host, item, now);
    else if (entry.failure.empty())
      skip(item, reason::kRobots);
    else
      skip(item, entry.failure, entry.detail);
  }
}

void Crawler::start_robots(HostQueue& host, const Url& url, Clock::time_point now) {
  robots_.entry(url.origin(), now).stage = RobotsEntry::Stage::being_fetched;
  host.note_start(now);
  Job job;
  job.host = &host;
  job.url = Url::parse("/robots.txt", &url).value_or(url);
  job.origin = url.origin();
  fetch(std::move(job), Accept::anything);
}

void Crawler::start_page(HostQueue& host, const QueuedUrl& item, Clock::time_point now) {
  host.note_start(now);
  ++pages_in_flight_;
  Job job;
  job.host = &host;
  job.page = item;
  job.url = item.url;
  job.origin = item.url.origin();
  fetch(std::move(job), Accept::html);
}

void Crawler::fetch(Job job, Accept accept) {
  const auto tag = next_tag_++;
  FetchRequest request{tag, job.url, limits_.max_bytes, Overlong::refuse, accept};
  if (job.for_robots()) {
    request.max_bytes = kRobotsBytesRead;
    request.overlong = Overlong::cut;
  }
  jobs_.emplace(tag, std::move(job));
  fetcher_.start(std::move(request));
}

milliseconds Crawler::time_to_next_start(Clock::time_point now) {
  auto earliest = Clock::time_point::max();
  for (auto& [name, host] : hosts_) {
    if (host.front(state_) != nullptr) earliest = std::min(earliest, host.next_start());
  }
  if (earliest == Clock::time_point::max()) return milliseconds::max();
  return earliest <= now ? milliseconds(1) : std::chrono::ceil<milliseconds>(earliest - now);
}

void Crawler::take_result(const FetchResult& result, Clock::time_point now) {
  const auto found = jobs_.find(result.tag);
  Job job = std::move(found->second);
  jobs_.erase(found);
  if (job.for_robots()) {
    take_robots(std::move(job), result, now);
    return;
  }
  job.host->note_end();
  --pages_in_flight_;
  take_page(job, result);
  state_.finish_url(job.page.id);
}

void Crawler::take_robots(Job job, const FetchResult& result, Clock::time_point now) {
  if (!result.location.empty() && job.redirects < kMaxRobotsRedirects) {
    if (const auto target = Url::parse(result.location, &job.url)) {
      job.url = *target;
      ++job.redirects;
      fetch(std::move(job), Accept::anything);
      return;
    }
  }
  job.host->note_end();
  robots_.enter(job.origin, result, now);
  if (const auto delay = robots_.entry(job.origin, now).rules.crawl_delay())
    job.host->ask_delay(std::chrono::duration<double>(std::min(*delay, kMaxCrawlDelay)));
}

void Crawler::take_page(const Job& job, const FetchResult& result) {
  auto& counts = state_.counts();
  if (result.status != 0) {
    ++counts.statuses[std::to_string(result.status)];
    if (!is_redirect(result.status)) ++counts.visited;
  }
  if (!result.failure.empty())
    take_failure(job, result);
  else if (is_redirect(result.status))
    take_redirect(job, result);
  else if (result.status < 200 || result.status >= 300)
    skip(job.page, reason::kHttpError, "status " + std::to_string(result.status));
  else
    take_html(job, result);
  if (result.status != 0) job.host->failures_in_row = 0;
}

void Crawler::take_failure(const Job& job, const FetchResult& result) {
  skip(job.page, result.failure, result.detail);
  if (result.status != 0 || ++job.host->failures_in_row < kMaxFailuresInRow) return;
  state_.finish_url(job.page.id);
  const auto left = state_.finish_host(job.host->name());
  job.host->clear();
  if (left > 0) {
    state_.counts().skipped[reason::kHostGivenUp] += left;
    sinks_.skipped(0, reason::kHostGivenUp,
                   job.host->name() + ": given up after " + std::to_string(kMaxFailuresInRow) +
                       " requests without an answer; " + std::to_string(left) + " addresses skipped");
  }
}

// The target takes its turn in the queue like any other address, so that robots.txt, delay and limits hold
// for it.
void Crawler::take_redirect(const Job& job, const FetchResult& result) {
  ++state_.counts().redirects;
  const auto target = Url::parse(result.location, &job.url);
  if (result.location.empty() || !target) {
    skip(job.page, reason::kBadRedirect);
  } else if (job.page.redirects >= kMaxRedirects) {
    skip(job.page, reason::kTooManyRedirects);
  } else {
    // A start address may send us to the site's real name.
    if (job.page.depth == 0) state_.add_site(target->site());
    if (!state_.has_site(target->site()))
      skip(job.page, reason::kLeavesSite, target->text());
    else if (!state_.add_url(*target, job.page.depth, job.page.redirects + 1))
      skip(job.page, reason::kKnownTarget, target->text());
    else
      host_of(target->host()).note_addition();
  }
}

void Crawler::take_html(const Job& job, const FetchResult& result) {
  auto& counts = state_.counts();
  counts.bytes += result.body.size();
  try {
    const Page page = extract_page(result.body, result.content_type);
    const auto header = parse_robots_directives(result.robots);
    follow_links(job, page, page.robots.nofollow || header.nofollow);
    if (page.robots.noindex || header.noindex) {
      skip(job.page, reason::kNoIndex);
    } else if (page.text.empty()) {
      skip(job.page, reason::kNoText);
    } else {
      std::string record;
      append_page_record(record, page, {job.url.text(), utc_now(), result.status});
      sinks_.page(record);
      ++counts.pages;
      counts.text_bytes += page.text.size();
    }
  } catch (const UnreadablePage& error) {
    skip(job.page, error.what());
  }
}

void Crawler::follow_links(const Job& job, const Page& page, bool nofollow) {
  const bool deeper = !limits_.depth || static_cast<std::uint64_t>(job.page.depth) < *limits_.depth;
  if (keep_links_ == KeepLinks::no && (nofollow || !deeper)) return;
  const Url base = base_of_page(page, job.url);
  for (const auto& link : page.links) {
    const auto target = Url::parse(link.reference, &base);
    if (!target) continue;
    const bool internal = state_.has_site(target->site());
    if (keep_links_ == KeepLinks::yes)
      state_.add_link(internal ? LinkKind::internal : LinkKind::external, *target);
    if (internal && deeper && !nofollow && !link.nofollow && state_.add_url(*target, job.page.depth + 1, 0))
      host_of(target->host()).note_addition();
  }
}

void Crawler::skip(const QueuedUrl& item, const std::string& why, const std::string& detail) {
  ++state_.counts().skipped[why];
  state_.finish_url(item.id);
  sinks_.skipped(item.depth, why, item.url.text() + ": " + why + (detail.empty() ? "" : " (" + detail + ")"));
}

}  // namespace gpt::crawl
