#include <array>
#include <optional>
#include <span>

#include "apps/gpt-clean/rules/byte_kinds.hpp"
#include "apps/gpt-clean/rules/number_context.hpp"
#include "apps/gpt-clean/rules/personal_data.hpp"

namespace gpt::clean {
namespace {

using Digits = std::span<const int>;

int number(Digits digits, std::size_t from) { return digits[from] * 10 + digits[from + 1]; }

// year: of the century or with it, which only matters for the 29th of February; every fourth year has one
// here.
bool is_date(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > kDays[static_cast<std::size_t>(month - 1)]) return false;
  return month != 2 || day < 29 || year % 4 == 0;
}

int weighted_sum(Digits digits, std::span<const int> weights) {
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += digits[i] * weights[i];
  return sum;
}

// The Luhn sum: every second digit doubled, digits of the products added.
bool is_luhn(Digits digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int value = digits[i] * ((digits.size() - i) % 2 == 0 ? 2 : 1);
    sum += value / 10 + value % 10;
  }
  return sum % 10 == 0;
}

// YYMMDDNNNC; of a samordningsnummer the day is 60 greater.
bool is_swedish(Digits d) {
  const int day = number(d, 4);
  return is_date(number(d, 0), number(d, 2), day > 60 ? day - 60 : day) && is_luhn(d);
}

// DDMMYYNNNCC; of a D-nummer the day is 40 greater, of an H-nummer the month.
bool is_norwegian(Digits d) {
  constexpr std::array<int, 10> kFirst = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
  constexpr std::array<int, 11> kSecond = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
  const int day = number(d, 0) > 40 ? number(d, 0) - 40 : number(d, 0);
  const int month = number(d, 2) > 40 ? number(d, 2) - 40 : number(d, 2);
  return is_date(number(d, 4), month, day) && weighted_sum(d, kFirst) % 11 == 0 &&
         weighted_sum(d, kSecond) % 11 == 0;
}

bool is_day_first_date(Digits d) { return is_date(number(d, 4), number(d, 2), number(d, 0)); }

bool is_danish_with_check(Digits d) {
  constexpr std::array<int, 10> kWeights = {4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
  return is_day_first_date(d) && weighted_sum(d, kWeights) % 11 == 0;
}

// DDMMYYNNCE: C checks what is before it, E is the century.
bool is_icelandic(Digits d) {
  constexpr std::array<int, 9> kWeights = {3, 2, 7, 6, 5, 4, 3, 2, 1};
  if (d[9] != 9 && d[9] != 0 && d[9] != 8) return false;
  return is_day_first_date(d) && weighted_sum(d, kWeights) % 11 == 0;
}

// Digits of a text with the place behind each.
struct DigitRun {
  std::array<int, 13> digits{};
  std::size_t count = 0;
  std::size_t end = 0;

  void read(std::string_view text, std::size_t at) {
    while (count < digits.size() && is_digit(byte_or_nul(text, at))) digits[count++] = text[at++] - '0';
    end = at;
  }
  Digits from(std::size_t first) const { return Digits(digits).subspan(first, count - first); }
};

// What parts a number in two, any hyphen as '-'; '\0' where nothing does.
struct Sign {
  char sign = '\0';
  std::size_t end = 0;
};

Sign sign_at(std::string_view text, std::size_t at) {
  if (const std::size_t hyphen = hyphen_length(text, at); hyphen > 0) return {'-', at + hyphen};
  return {byte_or_nul(text, at), at + 1};
}

// DDMMYY, the sign of the century, NNN and a check character.
std::optional<Span> finnish_at(std::string_view text, std::size_t begin, const DigitRun& date) {
  constexpr std::string_view kSigns = "+-ABCDEFUVWXY";
  constexpr std::string_view kChecks = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  const Sign sign = sign_at(text, date.end);
  if (date.count != 6 || kSigns.find(upper(sign.sign)) == std::string_view::npos) return std::nullopt;
  DigitRun all = date;
  all.read(text, sign.end);
  // a check character that is a digit is read as the tenth
  if (all.count < 9 || all.count > 10 || !is_day_first_date(all.from(0))) return std::nullopt;
  const std::size_t check = sign.end + 3;
  std::size_t value = 0;
  for (std::size_t i = 0; i < 9; ++i) value = value * 10 + static_cast<std::size_t>(all.digits[i]);
  if (upper(byte_or_nul(text, check)) != kChecks[value % 31] || !ends_word(text, check + 1))
    return std::nullopt;
  return Span{begin, check + 1};
}

enum class DanishCheck { needed, not_needed };

bool is_separated_number(const DigitRun& date, char separator, const DigitRun& all, DanishCheck check) {
  const std::size_t rest = all.count - date.count;
  if (separator == ' ' && rest == 5) return date.count == 6 && is_norwegian(all.from(0));
  if (rest != 4 || (separator != '-' && separator != '+' && separator != ' ')) return false;
  if (date.count == 8) return is_swedish(all.from(2));
  if (is_swedish(all.from(0))) return true;
  if (separator != '-') return false;
  const bool danish =
      check == DanishCheck::needed ? is_danish_with_check(all.from(0)) : is_day_first_date(all.from(0));
  return danish || is_icelandic(all.from(0));
}

bool is_plain_number(const DigitRun& run) {
  if (run.count == 10)
    return is_swedish(run.from(0)) || is_danish_with_check(run.from(0)) || is_icelandic(run.from(0));
  if (run.count == 11) return is_norwegian(run.from(0));
  const bool has_century = run.digits[0] == 1 ? run.digits[1] == 9 : run.digits[0] == 2 && run.digits[1] == 0;
  return run.count == 12 && has_century && is_swedish(run.from(2));
}

std::optional<Span> identity_number_at(std::string_view text, std::size_t begin) {
  DigitRun run;
  run.read(text, begin);
  if (run.count == 6) {
    if (auto finnish = finnish_at(text, begin, run)) return finnish;
  }
  if (run.count == 6 || run.count == 8) {
    DigitRun all = run;
    const Sign sign = sign_at(text, run.end);
    all.read(text, sign.end);
    const bool whole = ends_word(text, all.end) && byte_or_nul(text, all.end) != '-';
    const auto check = stands_behind_person_word(text, begin) ? DanishCheck::not_needed : DanishCheck::needed;
    if (whole && is_separated_number(run, sign.sign, all, check)) return Span{begin, all.end};
    return std::nullopt;
  }
  if (ends_word(text, run.end) && is_plain_number(run)) return Span{begin, run.end};
  return std::nullopt;
}

// A point or a sign before it makes a number of it.
constexpr std::string_view kBarriers = ".,-+";

}  // namespace

std::vector<Span> find_identity_numbers(std::string_view text) {
  std::vector<Span> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at])) continue;
    auto span = begins_number(text, at, kBarriers) ? identity_number_at(text, at) : std::nullopt;
    if (span && stands_behind_thing_word(text, at)) span.reset();
    if (span) found.push_back(*span);
    if (span) at = span->end;
    while (at < text.size() && is_digit(text[at])) ++at;
  }
  return found;
}

}  // namespace gpt::clean
