#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::crawl {

// Robots files are read up to this many bytes; RFC 9309 asks for 500 KiB at least.
inline constexpr std::size_t kRobotsBytesRead = std::size_t{512} << 10;

// What a robots.txt (RFC 9309) says to one crawler: the rules of every group that names it, merged, else
// those of the groups for "*", else nothing.
class RobotsRules {
 public:
  static RobotsRules allow_all() { return RobotsRules{}; }
  static RobotsRules forbid_all();
  // content: the file's bytes, with any line ends and an optional byte order mark; unreadable lines are
  // ignored. product_token: the crawler's name ("gpt-crawl"), compared without regard to case.
  static RobotsRules parse(std::string_view content, std::string_view product_token);

  // target: path and query as in the URL ("/a/b?c=d"). The longest matching rule decides, Allow on a tie;
  // /robots.txt itself is always allowed.
  bool allows(std::string_view target) const;

  // Seconds between requests, where the file asks for them (common practice, not part of the RFC).
  std::optional<double> crawl_delay() const { return crawl_delay_; }

 private:
  struct Rule {
    std::string pattern;  // percent-encoding normalised; may hold '*' and a final '$'
    bool allow;
  };
  std::vector<Rule> rules_;
  std::optional<double> crawl_delay_;
};

// The name by which robots files call a user agent: its leading letters, '-' and '_' ("gpt-crawl/1.0" is
// "gpt-crawl").
std::string product_token_of(std::string_view user_agent);

// One spelling for paths that mean the same (RFC 9309, 2.2.2): %XX of unreserved characters decoded, other
// %XX in capitals, bytes outside ASCII encoded, and '*' and '$', which only rules use in another sense, as
// well.
std::string normalised_robots_path(std::string_view path);

}  // namespace gpt::crawl
