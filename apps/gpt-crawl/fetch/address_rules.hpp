#pragma once

#include <string>

struct sockaddr;

namespace gpt::crawl {

// Whether an address is one of the public internet. Private, loopback, link-local, shared, multicast,
// documentation, reserved and unspecified ranges are not (IANA's special-purpose registries), nor is an IPv6
// address that carries such an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo).
bool is_public_address(const sockaddr& address);

// "192.168.0.1" or "fe80::1", for messages.
std::string address_text(const sockaddr& address);

}  // namespace gpt::crawl
