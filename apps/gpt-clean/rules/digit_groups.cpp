#include "apps/gpt-clean/rules/digit_groups.hpp"

#include <algorithm>

#include "apps/gpt-clean/rules/byte_kinds.hpp"

namespace gpt::clean {
namespace {

// What parts two groups, any hyphen as '-'; of no length where nothing does.
struct Separator {
  char kind = ' ';
  std::size_t length = 0;
};

Separator separator_at(std::string_view text, std::size_t at) {
  if (const std::size_t hyphen = hyphen_length(text, at); hyphen > 0) return {'-', hyphen};
  const char c = byte_or_nul(text, at);
  return c == ' ' || c == '.' || c == '/' ? Separator{c, 1} : Separator{};
}

// How many digits an area code in brackets there has, as "(070)"; 0 where there is none.
std::size_t bracketed_digits(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongestAreaCode = 5;
  if (byte_or_nul(text, at) != '(') return 0;
  std::size_t digits = 0;
  while (digits <= kLongestAreaCode && is_digit(byte_or_nul(text, at + 1 + digits))) ++digits;
  return digits <= kLongestAreaCode && byte_or_nul(text, at + 1 + digits) == ')' ? digits : 0;
}

std::size_t skip_trunk_zero(std::string_view text, std::size_t at) {
  const std::size_t bracket = at < text.size() && text[at] == ' ' ? at + 1 : at;
  if (text.substr(std::min(bracket, text.size())).starts_with("(0)")) return bracket + 3;
  return at;
}

}  // namespace

std::size_t DigitGroups::longest_after_first() const {
  return sizes.size() < 2 ? 0 : *std::max_element(sizes.begin() + 1, sizes.end());
}

DigitGroups DigitGroups::first(std::size_t groups) const {
  DigitGroups some;
  some.sizes.assign(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(groups));
  some.ends.assign(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(groups));
  std::size_t length = 0;
  for (const std::size_t size : some.sizes) length += size;
  some.digits = digits.substr(0, length);
  some.separators = separators.substr(0, groups - 1);
  return some;
}

DigitGroups digit_groups_at(std::string_view text, std::size_t begin, std::size_t most_digits) {
  DigitGroups groups;
  const bool has_plus = begin > 0 && text[begin - 1] == '+';
  std::size_t at = begin;
  while (groups.digits.size() <= most_digits) {
    const std::size_t bracketed = bracketed_digits(text, at);
    if (bracketed > 0) ++at;
    const std::size_t group = at;
    while (at - group <= most_digits && is_digit(byte_or_nul(text, at))) groups.digits.push_back(text[at++]);
    groups.sizes.push_back(at - group);
    if (bracketed > 0) ++at;
    groups.ends.push_back(at);
    if (groups.sizes.back() > most_digits) break;
    at = skip_trunk_zero(text, at);
    const Separator separator = separator_at(text, at);
    if (at == groups.end() && separator.length == 0 && bracketed == 0 && !has_plus) break;
    at += separator.length;
    const bool may_be_area = has_plus && groups.count() == 1 && groups.digits.size() <= 3;
    if (!is_digit(byte_or_nul(text, at)) && !(may_be_area && bracketed_digits(text, at) > 0)) break;
    groups.separators.push_back(bracketed > 0 ? '-' : separator.kind);
  }
  return groups;
}

}  // namespace gpt::clean
