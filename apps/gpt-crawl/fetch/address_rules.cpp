#include "apps/gpt-crawl/fetch/address_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace gpt::crawl {
namespace {

using Ipv6Bytes = std::array<std::uint8_t, 16>;

struct Ipv4Range {
  std::uint32_t prefix;
  int length;
};

constexpr std::uint32_t ipv4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Ipv4Range kIpv4NotPublic[] = {
    {ipv4(0, 0, 0, 0), 8},        // this network
    {ipv4(10, 0, 0, 0), 8},       // private
    {ipv4(100, 64, 0, 0), 10},    // shared by carriers
    {ipv4(127, 0, 0, 0), 8},      // loopback
    {ipv4(169, 254, 0, 0), 16},   // link-local, and the metadata services of clouds
    {ipv4(172, 16, 0, 0), 12},    // private
    {ipv4(192, 0, 0, 0), 24},     // protocol assignments
    {ipv4(192, 0, 2, 0), 24},     // documentation
    {ipv4(192, 88, 99, 0), 24},   // former 6to4 relays
    {ipv4(192, 168, 0, 0), 16},   // private
    {ipv4(198, 18, 0, 0), 15},    // benchmarking
    {ipv4(198, 51, 100, 0), 24},  // documentation
    {ipv4(203, 0, 113, 0), 24},   // documentation
    {ipv4(224, 0, 0, 0), 4},      // multicast
    {ipv4(240, 0, 0, 0), 4},      // reserved, and broadcast
};

struct Ipv6Range {
  std::array<std::uint8_t, 6> prefix;
  int length;
};

// Within 2000::/3, the only part of IPv6 given out as global unicast.
constexpr Ipv6Range kIpv6NotPublic[] = {
    {{0x20, 0x01, 0x00, 0x00, 0x00, 0x00}, 23},  // protocol assignments, Teredo among them
    {{0x20, 0x01, 0x0D, 0xB8, 0x00, 0x00}, 32},  // documentation
    {{0x3F, 0xFF, 0x00, 0x00, 0x00, 0x00}, 20},  // documentation
};

bool is_public_ipv4(std::uint32_t address) {
  return std::none_of(std::begin(kIpv4NotPublic), std::end(kIpv4NotPublic), [&](const Ipv4Range& range) {
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - range.length);
    return (address & mask) == range.prefix;
  });
}

std::uint32_t ipv4_at(const Ipv6Bytes& bytes, std::size_t offset) {
  return ipv4(bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]);
}

bool in_range(const Ipv6Bytes& bytes, const Ipv6Range& range) {
  for (int bit = 0; bit < range.length; ++bit) {
    const auto i = static_cast<std::size_t>(bit / 8);
    const int shift = 7 - bit % 8;
    if ((bytes[i] >> shift & 1) != (range.prefix[i] >> shift & 1)) return false;
  }
  return true;
}

bool starts_with(const Ipv6Bytes& bytes, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public_ipv6(const Ipv6Bytes& bytes) {
  if (starts_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}))
    return is_public_ipv4(ipv4_at(bytes, 12));
  if (starts_with(bytes, {0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}))
    return is_public_ipv4(ipv4_at(bytes, 12));
  if (starts_with(bytes, {0x20, 0x02})) return is_public_ipv4(ipv4_at(bytes, 2));
  if ((bytes[0] & 0xE0) != 0x20) return false;
  return std::none_of(std::begin(kIpv6NotPublic), std::end(kIpv6NotPublic),
                      [&](const Ipv6Range& range) { return in_range(bytes, range); });
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in = {};
    std::memcpy(&in, &address, sizeof in);
    return is_public_ipv4(ntohl(in.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in = {};
    std::memcpy(&in, &address, sizeof in);
    Ipv6Bytes bytes;
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return is_public_ipv6(bytes);
  }
  return false;
}

std::string address_text(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "an address of unknown kind";
  if (address.sa_family == AF_INET) {
    sockaddr_in in = {};
    std::memcpy(&in, &address, sizeof in);
    inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 in = {};
    std::memcpy(&in, &address, sizeof in);
    inet_ntop(AF_INET6, &in.sin6_addr, text, sizeof text);
  }
  return text;
}

}  // namespace gpt::crawl
