#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "apps/gpt-crawl/frontier/sqlite.hpp"
#include "apps/gpt-crawl/frontier/url.hpp"
#include "apps/gpt-crawl/run_counts.hpp"

namespace gpt::crawl {

// An address that waits for its turn.
struct QueuedUrl {
  std::int64_t id = 0;  // in the order in which addresses were met
  Url url;
  std::int64_t depth = 0;      // links from a start address
  std::int64_t redirects = 0;  // hops that led to it
};

enum class LinkKind { internal, external };

// All that a crawl knows: addresses met, which of them wait, records of the pages fetched, links, counts. It
// lies in a SQLite file, so memory does not grow with the crawl, and a crawl that was stopped goes on from
// there. Changes become durable by commit(); what came after the last one is as if it had not happened.
class CrawlState {
 public:
  // path: the file; empty: a temporary one, forgotten at the end. fingerprint: what makes two commands the
  // same crawl. Throws io::IoError, also when the file holds a crawl of another fingerprint.
  CrawlState(const std::string& path, const std::string& fingerprint);
  CrawlState(const CrawlState&) = delete;
  CrawlState& operator=(const CrawlState&) = delete;

  // Whether the file held a crawl that was begun before.
  bool resumed() const { return resumed_; }

  // Puts an address at the end of its host's queue; false when it was met before.
  bool add_url(const Url& url, std::int64_t depth, std::int64_t redirects);
  // The first waiting addresses of a host behind an id, in order of id.
  std::vector<QueuedUrl> waiting_of_host(const std::string& host, std::int64_t after_id, int at_most);
  // Hosts with waiting addresses, in the order in which they were met.
  std::vector<std::string> waiting_hosts();
  std::uint64_t waiting_count();
  // Hosts of which at least one address had its turn.
  std::uint64_t visited_hosts();
  void finish_url(std::int64_t id);
  // Finishes all that waits for a host; returns how many.
  std::uint64_t finish_host(const std::string& host);

  // Sites whose pages belong to the crawl.
  void add_site(const std::string& site);
  bool has_site(const std::string& site) const { return sites_.count(site) > 0; }

  void add_page(const std::string& record);
  void for_each_page(const std::function<void(const std::string&)>& visit);
  void add_link(LinkKind kind, const Url& url);
  // In the order in which they were met.
  void for_each_link(const std::function<void(LinkKind, const std::string&)>& visit);

  WebCounts& counts() { return counts_; }
  void commit();

  // Removes the file; the last call.
  void remove();

 private:
  void load();
  void load_counts();
  void save_counts();

  Database database_;
  bool resumed_ = false;
  std::set<std::string> sites_;
  WebCounts counts_;
  Statement insert_url_, select_waiting_, finish_url_, insert_page_, insert_link_;
};

}  // namespace gpt::crawl
