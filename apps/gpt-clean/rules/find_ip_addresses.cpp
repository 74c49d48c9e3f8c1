#include <algorithm>
#include <array>
#include <optional>

#include "apps/gpt-clean/rules/byte_kinds.hpp"
#include "apps/gpt-clean/rules/number_context.hpp"
#include "apps/gpt-clean/rules/personal_data.hpp"

namespace gpt::clean {
namespace {

using Octets = std::array<unsigned, 4>;

struct Address {
  Octets octets{};
  std::size_t end = 0;
};

std::optional<Address> dotted_at(std::string_view text, std::size_t at) {
  Address address;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0 && byte_or_nul(text, at++) != '.') return std::nullopt;
    const std::size_t begin = at;
    unsigned value = 0;
    while (at - begin < 4 && is_digit(byte_or_nul(text, at)))
      value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    if (at == begin || value > 255 || (at - begin > 1 && text[begin] == '0')) return std::nullopt;
    address.octets[i] = value;
  }
  const bool goes_on =
      !ends_word(text, at) || (text.substr(at).starts_with('.') && is_digit(byte_or_nul(text, at + 1)));
  if (goes_on) return std::nullopt;
  address.end = at;
  return address;
}

// Loopback, private, documentation, multicast and the like: IANA's registry of special addresses.
bool is_public(const Octets& o) {
  if (o[0] == 0 || o[0] == 10 || o[0] == 127 || o[0] >= 224) return false;
  if (o[0] == 100 && o[1] >= 64 && o[1] < 128) return false;
  if (o[0] == 169 && o[1] == 254) return false;
  if (o[0] == 172 && o[1] >= 16 && o[1] < 32) return false;
  if (o[0] == 192 && (o[1] == 168 || (o[1] == 0 && (o[2] == 0 || o[2] == 2)))) return false;
  if (o[0] == 198 && (o[1] == 18 || o[1] == 19 || (o[1] == 51 && o[2] == 100))) return false;
  return !(o[0] == 203 && o[1] == 0 && o[2] == 113);
}

std::optional<Span> ipv4_at(std::string_view text, std::size_t begin) {
  const auto address = dotted_at(text, begin);
  if (!address || !is_public(address->octets)) return std::nullopt;
  const bool all_small =
      std::all_of(address->octets.begin(), address->octets.end(), [](unsigned o) { return o < 10; });
  if (all_small || stands_behind_version(text, begin)) return std::nullopt;
  return Span{begin, address->end};
}

bool is_hexadecimal(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

// Global unicast, 2000::/3, but not documentation's 2001:db8::/32.
bool is_global_prefix(std::string_view text) {
  if (text.size() < 5 || (text[0] != '2' && text[0] != '3')) return false;
  if (!std::all_of(text.begin(), text.begin() + 4, is_hexadecimal) || text[4] != ':') return false;
  const std::string_view second = text.substr(5, 4);
  return !(text.starts_with("2001:") && second.size() >= 3 && lower(second[0]) == 'd' &&
           lower(second[1]) == 'b' && second[2] == '8');
}

std::optional<Span> ipv6_at(std::string_view text, std::size_t begin) {
  if (!is_global_prefix(text.substr(begin, 9))) return std::nullopt;
  int groups = 0;
  bool shortened = false;
  std::size_t at = begin;
  while (true) {
    const std::size_t group = at;
    while (at - group < 5 && is_hexadecimal(byte_or_nul(text, at))) ++at;
    if (at - group > 4) return std::nullopt;
    if (at > group) ++groups;
    if (byte_or_nul(text, at) != ':' || groups > 8) break;
    const bool twice = byte_or_nul(text, at + 1) == ':';
    if (twice && shortened) return std::nullopt;
    if (!twice && !is_hexadecimal(byte_or_nul(text, at + 1))) break;  // a colon of the sentence
    shortened = shortened || twice;
    at += twice ? 2 : 1;
  }
  const bool whole = shortened ? groups >= 2 && groups < 8 : groups == 8;
  if (!whole || !ends_word(text, at)) return std::nullopt;
  return Span{begin, at};
}

}  // namespace

std::vector<Span> find_ip_addresses(std::string_view text) {
  std::vector<Span> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at]) || !begins_word(text, at) || (at > 0 && text[at - 1] == ':')) continue;
    const bool within_number = at > 1 && text[at - 1] == '.' && is_digit(text[at - 2]);
    if (within_number) continue;
    auto span = ipv4_at(text, at);
    if (!span) span = ipv6_at(text, at);
    if (!span) continue;
    found.push_back(*span);
    at = span->end - 1;
  }
  return found;
}

}  // namespace gpt::clean
