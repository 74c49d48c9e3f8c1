#include "apps/gpt-clean/rules/byte_kinds.hpp"
#include "apps/gpt-clean/rules/personal_data.hpp"

namespace gpt::clean {
namespace {

// What the standards allow (RFC 5321, section 4.5.3.1); longer runs are something else.
constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestDomain = 255;

bool is_local(char c) {
  return is_word_byte(c) || c == '.' || c == '-' || c == '+' || c == '%' || c == '\'' || c == '&';
}
bool is_domain(char c) { return (is_word_byte(c) && c != '_') || c == '-' || c == '.'; }

std::size_t begin_of_local_part(std::string_view text, std::size_t at, std::size_t least) {
  std::size_t begin = at;
  while (begin > least && at - begin <= kLongestLocalPart && is_local(text[begin - 1])) --begin;
  if (at - begin > kLongestLocalPart) return at;
  while (begin < at && !is_word_byte(text[begin])) ++begin;
  return begin;
}

// Behind the top level domain, which has two letters at least; `from` where there is none.
std::size_t end_of_domain(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && end - from < kLongestDomain && is_domain(text[end])) ++end;
  std::size_t label = from;
  std::size_t good = from;
  for (std::size_t at = from; at <= end; ++at) {
    if (at < end && text[at] != '.') continue;
    if (at == label || text[label] == '-') break;
    const bool is_top = label > from && at - label >= 2 && !is_digit(text[label]) && !is_digit(text[at - 1]);
    if (is_top && text[at - 1] != '-') good = at;
    label = at + 1;
  }
  return good;
}

}  // namespace

std::vector<Span> find_emails(std::string_view text) {
  std::vector<Span> found;
  std::size_t done = 0;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const std::size_t begin = begin_of_local_part(text, at, done);
    if (begin == at || text[at - 1] == '.') continue;
    const std::size_t end = end_of_domain(text, at + 1);
    if (end == at + 1) continue;
    found.push_back({begin, end});
    done = end;
  }
  return found;
}

}  // namespace gpt::clean
