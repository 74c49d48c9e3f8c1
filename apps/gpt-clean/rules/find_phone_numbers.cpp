#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "apps/gpt-clean/rules/byte_kinds.hpp"
#include "apps/gpt-clean/rules/personal_data.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kMostDigits = 15;  // ITU-T E.164
constexpr std::size_t kLeastDigits = 7;

// Groups of digits with single separators between them.
struct Groups {
  std::string digits;
  std::vector<std::size_t> sizes;
  std::string separators;  // one between each two groups
  std::size_t end = 0;

  std::size_t longest_after_first() const {
    return sizes.size() < 2 ? 0 : *std::max_element(sizes.begin() + 1, sizes.end());
  }
};

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

// "(0)", which is dialled within the country only.
std::size_t skip_trunk_zero(std::string_view text, std::size_t at) {
  const std::size_t bracket = at < text.size() && text[at] == ' ' ? at + 1 : at;
  if (text.substr(std::min(bracket, text.size())).starts_with("(0)")) return bracket + 3;
  return at;
}

// An area code in brackets is the first group, or the second behind '+' and the code of a country; it is
// parted from what follows as by a hyphen.
Groups groups_at(std::string_view text, std::size_t begin) {
  Groups groups;
  const bool has_plus = begin > 0 && text[begin - 1] == '+';
  std::size_t at = begin;
  while (groups.digits.size() <= kMostDigits) {
    const std::size_t bracketed = bracketed_digits(text, at);
    if (bracketed > 0) ++at;
    const std::size_t group = at;
    while (at - group <= kMostDigits && is_digit(byte_or_nul(text, at))) groups.digits.push_back(text[at++]);
    groups.sizes.push_back(at - group);
    if (bracketed > 0) ++at;
    groups.end = at;
    if (groups.sizes.back() > kMostDigits) break;
    at = skip_trunk_zero(text, at);
    const Separator separator = separator_at(text, at);
    if (at == groups.end && separator.length == 0 && bracketed == 0 && !has_plus) break;
    at += separator.length;
    const bool may_be_area = has_plus && groups.sizes.size() == 1 && groups.digits.size() <= 3;
    if (!is_digit(byte_or_nul(text, at)) && !(may_be_area && bracketed_digits(text, at) > 0)) break;
    groups.separators.push_back(bracketed > 0 ? '-' : separator.kind);
  }
  return groups;
}

bool is_whole(std::string_view text, const Groups& groups) {
  const char after = byte_or_nul(text, groups.end);
  const bool fraction = (after == ',' || after == '.') && is_digit(byte_or_nul(text, groups.end + 1));
  return ends_word(text, groups.end) && groups.digits.size() <= kMostDigits && after != '@' && !fraction;
}

// Behind '+' or "00". Numbers of one's own country code have their known lengths; others anything from 8
// digits.
bool is_international(std::string_view digits) {
  const auto rest_is = [&](std::string_view code, std::size_t least, std::size_t most) {
    const std::size_t rest = digits.size() - code.size();
    return rest >= least && rest <= most;
  };
  if (digits.size() < 8 || digits.front() == '0') return false;
  if (digits.starts_with("46")) return rest_is("46", 7, 10);
  if (digits.starts_with("47")) return rest_is("47", 8, 8);
  if (digits.starts_with("45")) return rest_is("45", 8, 8);
  if (digits.starts_with("358")) return rest_is("358", 6, 12);
  if (digits.starts_with("354")) return rest_is("354", 7, 9);
  if (digits.starts_with("298")) return rest_is("298", 6, 6);
  return digits.size() <= kMostDigits;
}

bool has_nordic_code(std::string_view digits) {
  constexpr std::array<std::string_view, 6> kCodes = {"46", "47", "45", "358", "354", "298"};
  return std::any_of(kCodes.begin(), kCodes.end(),
                     [&](std::string_view code) { return digits.starts_with(code); });
}

// "08-123 45 67", "031-12 34 56", "070-1234567": prefix, hyphen or slash, then groups parted by spaces.
bool is_swedish_with_area(const Groups& groups) {
  const std::size_t total = groups.digits.size();
  if (groups.sizes.size() < 2 || groups.sizes[0] < 2 || groups.sizes[0] > 4 || total < 8 || total > 10)
    return false;
  if (groups.separators[0] != '-' && groups.separators[0] != '/') return false;
  if (groups.sizes.size() == 2) return groups.sizes[1] >= 5;
  const bool spaces = groups.separators.find_first_not_of(' ', 1) == std::string::npos;
  return spaces && groups.longest_after_first() <= 3;
}

// Ten digits from 070, 072, 073, 076 or 079, however parted by spaces and hyphens.
bool is_swedish_mobile(const Groups& groups) {
  constexpr std::string_view kThird = "02369";
  return groups.digits.size() == 10 && groups.digits.starts_with("07") &&
         kThird.find(groups.digits[2]) != std::string_view::npos &&
         groups.separators.find_first_of("./") == std::string::npos && groups.sizes[0] >= 3;
}

// "040 123 4567", "050-1234567", "09 123 4567".
bool is_finnish(const Groups& groups) {
  if (groups.sizes.size() < 2 || groups.separators.find_first_of("./") != std::string::npos) return false;
  const std::size_t total = groups.digits.size();
  const bool mobile =
      groups.sizes[0] == 3 && (groups.digits.starts_with("04") || groups.digits.starts_with("050"));
  if (mobile) return total >= 9 && total <= 11 && groups.longest_after_first() >= 3;
  return groups.sizes[0] == 2 && total >= 8 && total <= 10 && groups.sizes.size() == 3 &&
         groups.sizes[1] == 3 && groups.sizes[2] >= 3;
}

bool is_cue(std::string word) {
  constexpr std::array<std::string_view, 22> kCues = {
      "tel",   "tlf",      "tfn",      "telefon", "telefonnummer", "telefonnr", "telephone", "telefoni",
      "mobil", "mobiltlf", "mob",      "mobile",  "mobilnummer",   "phone",     "puh",       "puhelin",
      "fax",   "gsm",      "whatsapp", "sími",    "cell",          "tl"};
  for (char& c : word) c = lower(c);
  return std::find(kCues.begin(), kCues.end(), word) != kCues.end();
}

// Whether a word such as "tel" stands before a place, with a colon, point or "nr" between them.
bool stands_behind_cue(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  for (int words = 0; words < 2; ++words) {
    const std::size_t from = end;
    while (end > 0 && from - end < 4 && !is_word_byte(text[end - 1]) && text[end - 1] != '\n') --end;
    std::size_t word = end;
    while (word > 0 && end - word < 16 && is_word_byte(text[word - 1])) --word;
    const std::string_view seen = text.substr(word, end - word);
    if (is_cue(std::string(seen))) return true;
    if (seen != "nr" && seen != "nummer" && seen != "no") return false;
    end = word;
  }
  return false;
}

bool is_national(std::string_view text, std::size_t begin, const Groups& groups) {
  const std::string_view digits = groups.digits;
  if (digits.starts_with("00")) {
    const bool parted = groups.sizes.size() > 2;
    return is_international(digits.substr(2)) && (parted || has_nordic_code(digits.substr(2)));
  }
  if (digits.starts_with('0') &&
      (is_swedish_with_area(groups) || is_swedish_mobile(groups) || is_finnish(groups))) {
    return true;
  }
  return digits.size() >= kLeastDigits && digits.size() <= 12 && stands_behind_cue(text, begin);
}

// "(+46) 70 ...", from its bracket.
std::optional<Span> number_behind_bracketed_code(std::string_view text, std::size_t begin) {
  const std::size_t first = begin + 2;
  std::size_t close = first;
  while (close - first < 3 && is_digit(byte_or_nul(text, close))) ++close;
  if (close == first || byte_or_nul(text, close) != ')') return std::nullopt;
  Groups groups = groups_at(text, close + (byte_or_nul(text, close + 1) == ' ' ? 2 : 1));
  groups.digits.insert(0, text.substr(first, close - first));
  if (!is_whole(text, groups) || !is_international(groups.digits)) return std::nullopt;
  return Span{begin, groups.end};
}

std::optional<Span> phone_number_at(std::string_view text, std::size_t begin) {
  if (text.substr(begin).starts_with("(+")) return number_behind_bracketed_code(text, begin);
  const bool plus = text[begin] == '+';
  const Groups groups = groups_at(text, begin + (plus ? 1 : 0));
  if (groups.digits.empty() || !is_whole(text, groups)) return std::nullopt;
  if (plus ? !is_international(groups.digits) : !is_national(text, begin, groups)) return std::nullopt;
  return Span{begin, groups.end};
}

// Behind these it is part of a number, an address or an identifier.
constexpr std::string_view kBarriers = "-.,/+=";

}  // namespace

std::vector<Span> find_phone_numbers(std::string_view text) {
  std::vector<Span> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!is_digit(c) && c != '+' && c != '(') continue;
    if (begins_number(text, at, kBarriers)) {
      if (const auto span = phone_number_at(text, at)) {
        found.push_back(*span);
        at = span->end - 1;
        continue;
      }
    }
    while (is_digit(c) && is_digit(byte_or_nul(text, at + 1))) ++at;
  }
  return found;
}

}  // namespace gpt::clean
