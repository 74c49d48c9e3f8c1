#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-clean/rules/byte_kinds.hpp"
#include "apps/gpt-clean/rules/calling_codes.hpp"
#include "apps/gpt-clean/rules/digit_groups.hpp"
#include "apps/gpt-clean/rules/number_context.hpp"
#include "apps/gpt-clean/rules/personal_data.hpp"

namespace gpt::clean {
namespace {

constexpr std::size_t kMostDigits = 15;  // ITU-T E.164
constexpr std::size_t kLeastDigits = 7;

// Whether the number may end behind the last of these groups; more may follow them in the text.
bool is_whole(std::string_view text, const DigitGroups& groups) {
  const char after = byte_or_nul(text, groups.end());
  const bool fraction = (after == ',' || after == '.') && is_digit(byte_or_nul(text, groups.end() + 1));
  return ends_word(text, groups.end()) && groups.digits.size() <= kMostDigits && after != '@' && !fraction;
}

// "08-123 45 67", "031-12 34 56", "070-1234567": prefix, hyphen or slash, then groups parted by spaces.
bool is_swedish_with_area(const DigitGroups& groups) {
  const std::size_t total = groups.digits.size();
  if (groups.sizes.size() < 2 || groups.sizes[0] < 2 || groups.sizes[0] > 4 || total < 8 || total > 10)
    return false;
  if (groups.separators[0] != '-' && groups.separators[0] != '/') return false;
  if (groups.sizes.size() == 2) return groups.sizes[1] >= 5;
  const bool spaces = groups.separators.find_first_not_of(' ', 1) == std::string::npos;
  return spaces && groups.longest_after_first() <= 3;
}

// Ten digits from 070, 072, 073, 076 or 079, however parted by spaces and hyphens.
bool is_swedish_mobile(const DigitGroups& groups) {
  constexpr std::string_view kThird = "02369";
  return groups.digits.size() == 10 && groups.digits.starts_with("07") &&
         kThird.find(groups.digits[2]) != std::string_view::npos &&
         groups.separators.find_first_of("./") == std::string::npos && groups.sizes[0] >= 3;
}

// "040 123 4567", "050-1234567", "09 123 4567".
bool is_finnish(const DigitGroups& groups) {
  if (groups.sizes.size() < 2 || groups.separators.find_first_of("./") != std::string::npos) return false;
  const std::size_t total = groups.digits.size();
  const bool mobile =
      groups.sizes[0] == 3 && (groups.digits.starts_with("04") || groups.digits.starts_with("050"));
  if (mobile) return total >= 9 && total <= 11 && groups.longest_after_first() >= 3;
  return groups.sizes[0] == 2 && total >= 8 && total <= 10 && groups.sizes.size() == 3 &&
         groups.sizes[1] == 3 && groups.sizes[2] >= 3;
}

// "2 000 000": groups of three behind the first, and nothing at the end.
bool is_round_number(const DigitGroups& groups) {
  return groups.count() > 1 && groups.sizes[0] <= 3 && groups.digits.ends_with("000") &&
         std::all_of(groups.sizes.begin() + 1, groups.sizes.end(),
                     [](std::size_t size) { return size == 3; });
}

// "22 33 44 55", "912 34 567": eight digits, as Danes and Norwegians write them.
bool is_eight_digits(const DigitGroups& groups) {
  return groups.digits.size() == 8 && (groups.sizes == std::vector<std::size_t>{2, 2, 2, 2} ||
                                       groups.sizes == std::vector<std::size_t>{3, 2, 3});
}

enum class Followed { by_other_digits, by_none };

// Behind a word such as "tel". Of several groups it may be the first of two numbers only as eight digits,
// which a number of other groups then follows ("tel. 12 34 56 78 8000 Aarhus").
bool is_told_by_word(const DigitGroups& groups, Followed followed) {
  if (followed == Followed::by_other_digits) return is_eight_digits(groups);
  const bool begins_with_eight =
      groups.count() > 4 && is_eight_digits(groups.first(4)) && groups.sizes[4] != 2;
  return groups.digits.size() >= kLeastDigits && groups.digits.size() <= 12 && !is_round_number(groups) &&
         !begins_with_eight;
}

bool is_national(std::string_view text, std::size_t begin, const DigitGroups& groups, Followed followed) {
  const std::string_view digits = groups.digits;
  if (digits.starts_with("00") && groups.sizes[0] >= 2) {
    const bool parted = groups.count() > 2;
    return is_international_number(digits.substr(2)) && (parted || has_nordic_code(digits.substr(2)));
  }
  if (digits.starts_with('0') &&
      (is_swedish_with_area(groups) || is_swedish_mobile(groups) || is_finnish(groups)))
    return true;
  return stands_behind_phone_word(text, begin) && is_told_by_word(groups, followed);
}

// Where a number of the first of these groups ends; as many groups as can be. Behind a space or a slash
// another number, a postcode or a year may follow.
template <class IsNumber>
std::optional<std::size_t> end_of_number(std::string_view text, const DigitGroups& groups,
                                         const IsNumber& is_number) {
  if (is_amount(text, groups.end())) return std::nullopt;
  for (std::size_t count = groups.count(); count > 0; --count) {
    const bool all = count == groups.count();
    if (!all && groups.separators[count - 1] != ' ' && groups.separators[count - 1] != '/') continue;
    const DigitGroups some = all ? groups : groups.first(count);
    if (!some.digits.empty() && is_whole(text, some) &&
        is_number(some, all ? Followed::by_none : Followed::by_other_digits))
      return some.end();
  }
  return std::nullopt;
}

// Other digits behind a number are hardly told from its own where its length is not known; few have more
// than 13.
bool is_behind_plus(std::string_view digits, Followed followed) {
  constexpr std::size_t kUsual = 13;
  return is_international_number(digits) && (followed == Followed::by_none || digits.size() <= kUsual);
}

// "(+46) 70 ...", from its bracket.
std::optional<std::size_t> end_behind_bracketed_code(std::string_view text, std::size_t begin) {
  const std::size_t first = begin + 2;
  std::size_t close = first;
  while (close - first < 3 && is_digit(byte_or_nul(text, close))) ++close;
  if (close == first || byte_or_nul(text, close) != ')') return std::nullopt;
  const std::string code(text.substr(first, close - first));
  const std::size_t behind = close + (byte_or_nul(text, close + 1) == ' ' ? 2 : 1);
  return end_of_number(text, digit_groups_at(text, behind, kMostDigits),
                       [&](const DigitGroups& groups, Followed followed) {
                         return is_behind_plus(code + groups.digits, followed);
                       });
}

std::optional<Span> phone_number_at(std::string_view text, std::size_t begin) {
  std::optional<std::size_t> end;
  if (text.substr(begin).starts_with("(+")) {
    end = end_behind_bracketed_code(text, begin);
  } else if (text[begin] == '+') {
    end = end_of_number(
        text, digit_groups_at(text, begin + 1, kMostDigits),
        [](const DigitGroups& groups, Followed followed) { return is_behind_plus(groups.digits, followed); });
  } else {
    end = end_of_number(text, digit_groups_at(text, begin, kMostDigits),
                        [&](const DigitGroups& groups, Followed followed) {
                          return is_national(text, begin, groups, followed);
                        });
  }
  if (!end || stands_behind_thing_word(text, begin)) return std::nullopt;
  return Span{begin, *end};
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
