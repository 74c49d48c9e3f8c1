#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "apps/gpt-clean/rules/byte_kinds.hpp"
#include "apps/gpt-clean/rules/personal_data.hpp"

namespace gpt::clean {
namespace {

struct Country {
  std::string_view code;
  std::size_t length;
};

// From the IBAN registry of ISO 13616, in alphabetical order.
constexpr std::array kCountries = {
    Country{"AD", 24}, Country{"AE", 23}, Country{"AL", 28}, Country{"AT", 20}, Country{"AZ", 28},
    Country{"BA", 20}, Country{"BE", 16}, Country{"BG", 22}, Country{"BH", 22}, Country{"BR", 29},
    Country{"BY", 28}, Country{"CH", 21}, Country{"CR", 22}, Country{"CY", 28}, Country{"CZ", 24},
    Country{"DE", 22}, Country{"DK", 18}, Country{"DO", 28}, Country{"EE", 20}, Country{"EG", 29},
    Country{"ES", 24}, Country{"FI", 18}, Country{"FO", 18}, Country{"FR", 27}, Country{"GB", 22},
    Country{"GE", 22}, Country{"GI", 23}, Country{"GL", 18}, Country{"GR", 27}, Country{"GT", 28},
    Country{"HR", 21}, Country{"HU", 28}, Country{"IE", 22}, Country{"IL", 23}, Country{"IQ", 23},
    Country{"IS", 26}, Country{"IT", 27}, Country{"JO", 30}, Country{"KW", 30}, Country{"KZ", 20},
    Country{"LB", 28}, Country{"LC", 32}, Country{"LI", 21}, Country{"LT", 20}, Country{"LU", 20},
    Country{"LV", 21}, Country{"MC", 27}, Country{"MD", 24}, Country{"ME", 22}, Country{"MK", 19},
    Country{"MR", 27}, Country{"MT", 31}, Country{"MU", 30}, Country{"NL", 18}, Country{"NO", 15},
    Country{"PK", 24}, Country{"PL", 28}, Country{"PS", 29}, Country{"PT", 25}, Country{"QA", 29},
    Country{"RO", 24}, Country{"RS", 22}, Country{"SA", 24}, Country{"SC", 31}, Country{"SE", 24},
    Country{"SI", 19}, Country{"SK", 24}, Country{"SM", 27}, Country{"ST", 25}, Country{"SV", 28},
    Country{"TL", 23}, Country{"TN", 24}, Country{"TR", 26}, Country{"UA", 29}, Country{"VA", 22},
    Country{"VG", 24}, Country{"XK", 20},
};

std::size_t length_in(std::string_view code) {
  const auto found =
      std::lower_bound(kCountries.begin(), kCountries.end(), code,
                       [](const Country& country, std::string_view wanted) { return country.code < wanted; });
  return found != kCountries.end() && found->code == code ? found->length : 0;
}

// Of the characters with the first four put last; right when 1.
unsigned remainder_by_97(std::string_view iban) {
  unsigned remainder = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    remainder = is_digit(c) ? remainder * 10 + static_cast<unsigned>(c - '0')
                            : remainder * 100 + static_cast<unsigned>(c - 'A' + 10);
    remainder %= 97;
  }
  return remainder;
}

// Groups of four are parted by single spaces or hyphens.
std::optional<Span> iban_at(std::string_view text, std::size_t begin) {
  std::string characters = {upper(text[begin]), upper(text[begin + 1])};
  const std::size_t length = length_in(characters);
  if (length == 0) return std::nullopt;
  std::size_t at = begin + 2;
  while (at < text.size() && characters.size() < length) {
    if (const std::size_t hyphen = hyphen_length(text, at); hyphen > 0 || text[at] == ' ') {
      at += std::max<std::size_t>(hyphen, 1);
      if (characters.size() % 4 != 0) return std::nullopt;
    }
    const char c = upper(byte_or_nul(text, at++));
    if (!is_digit(c) && !is_upper(c)) return std::nullopt;
    characters.push_back(c);
  }
  if (characters.size() < length || !ends_word(text, at) || remainder_by_97(characters) != 1)
    return std::nullopt;
  return Span{begin, at};
}

}  // namespace

std::vector<Span> find_ibans(std::string_view text) {
  std::vector<Span> found;
  for (std::size_t at = 2; at + 1 < text.size(); ++at) {
    // the two check digits are rarer than two letters
    if (!is_digit(text[at]) || !is_digit(text[at + 1])) continue;
    if (!is_ascii_letter(text[at - 1]) || !is_ascii_letter(text[at - 2])) continue;
    if (!begins_word(text, at - 2)) continue;
    const auto span = iban_at(text, at - 2);
    if (!span) continue;
    found.push_back(*span);
    at = span->end;
  }
  return found;
}

}  // namespace gpt::clean
