#include "apps/gpt-crawl/robots/robots_rules.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "apps/gpt-crawl/frontier/percent_encoding.hpp"
#include "libcommon/io/byte_order_mark.hpp"

namespace gpt::crawl {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\f\v";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

struct Field {
  std::string_view key;
  std::string_view value;
};

// A line's "key: value" without its comment; empty where it has none.
std::optional<Field> field_of_line(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Field{trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
}

template <class Visit>
void for_each_line(std::string_view content, Visit visit) {
  while (!content.empty()) {
    const auto end = content.find_first_of("\r\n");
    visit(content.substr(0, end));
    if (end == std::string_view::npos) break;
    content.remove_prefix(end + 1);
  }
}

std::optional<double> seconds_of(std::string_view text) {
  double seconds = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (result.ec != std::errc{} || !std::isfinite(seconds) || seconds < 0) return std::nullopt;
  return seconds;
}

// Greedy matching with one point to return to: linear in practice, and never worse than pattern × path.
bool matches(std::string_view pattern, std::string_view path) {
  const bool anchored = !pattern.empty() && pattern.back() == '$';
  if (anchored) pattern.remove_suffix(1);
  std::size_t p = 0, s = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (true) {
    if (p == pattern.size() && (!anchored || s == path.size())) return true;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = s;
    } else if (s < path.size() && p < pattern.size() && pattern[p] == path[s]) {
      ++p;
      ++s;
    } else if (star != std::string_view::npos && resume < path.size()) {
      p = star + 1;
      s = ++resume;
    } else {
      return false;
    }
  }
}

// A rule's path in the spelling of normalised_robots_path, its '*' and final '$' kept.
std::string normalised_pattern(std::string_view path) {
  const bool anchored = path.ends_with('$');
  if (anchored) path.remove_suffix(1);
  std::string out;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto star = std::min(path.find('*', begin), path.size());
    out += normalised_robots_path(path.substr(begin, star - begin));
    if (star < path.size()) out += '*';
    begin = star + 1;
  }
  if (anchored) out += '$';
  return out;
}

// Whether a group's user-agent line means the crawler by name.
bool names(std::string_view agent, std::string_view product_token) {
  return !product_token.empty() && equal_without_case(product_token_of(agent), product_token);
}

}  // namespace

std::string product_token_of(std::string_view user_agent) {
  std::size_t length = 0;
  while (length < user_agent.size()) {
    const char c = lower(user_agent[length]);
    if (!((c >= 'a' && c <= 'z') || c == '-' || c == '_')) break;
    ++length;
  }
  return std::string(user_agent.substr(0, length));
}

std::string normalised_robots_path(std::string_view path) {
  std::string out;
  for (const char c : normalised_percent_encoding(path)) {
    if (c == '*')
      out += "%2A";
    else if (c == '$')
      out += "%24";
    else
      out += c;
  }
  return out;
}

RobotsRules RobotsRules::forbid_all() {
  RobotsRules rules;
  rules.rules_.push_back({"/", false});
  return rules;
}

RobotsRules RobotsRules::parse(std::string_view content, std::string_view product_token) {
  content = io::without_byte_order_mark(content);
  content = content.substr(0, kRobotsBytesRead);

  RobotsRules own, general;
  bool own_seen = false;
  bool in_own = false, in_general = false;  // whether the current group is for us, for "*"
  bool reading_agents = false;
  for_each_line(content, [&](std::string_view line) {
    const auto field = field_of_line(line);
    if (!field) return;
    if (equal_without_case(field->key, "user-agent")) {
      if (!reading_agents) in_own = in_general = false;
      reading_agents = true;
      if (field->value == "*") in_general = true;
      if (names(field->value, product_token)) in_own = own_seen = true;
      return;
    }
    const bool allow = equal_without_case(field->key, "allow");
    const bool disallow = equal_without_case(field->key, "disallow");
    const bool delay = equal_without_case(field->key, "crawl-delay");
    if (!allow && !disallow && !delay) return;  // sitemap lines and the like do not end a group
    reading_agents = false;
    const auto add_to = [&](RobotsRules& rules) {
      if (delay) {
        if (const auto seconds = seconds_of(field->value))
          rules.crawl_delay_ = std::max(rules.crawl_delay_.value_or(0), *seconds);
      } else if (field->value.starts_with('/') || field->value.starts_with('*')) {
        rules.rules_.push_back({normalised_pattern(field->value), allow});
      }
    };
    if (in_own) add_to(own);
    if (in_general) add_to(general);
  });
  return own_seen ? own : general;
}

bool RobotsRules::allows(std::string_view target) const {
  if (target == "/robots.txt") return true;
  const std::string path = normalised_robots_path(target.empty() ? "/" : target);
  std::size_t longest = 0;
  bool allowed = true;
  for (const auto& rule : rules_) {
    if (rule.pattern.size() < longest || (rule.pattern.size() == longest && (allowed || !rule.allow)))
      continue;
    if (!matches(rule.pattern, path)) continue;
    longest = rule.pattern.size();
    allowed = rule.allow;
  }
  return allowed;
}

}  // namespace gpt::crawl
