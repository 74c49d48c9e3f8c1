#include "apps/gpt-crawl/fetch/address_rules.hpp"

#include <string>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

bool is_public(const std::string& text) {
  sockaddr_storage storage = {};
  if (text.find(':') == std::string::npos) {
    auto& address = reinterpret_cast<sockaddr_in&>(storage);
    address.sin_family = AF_INET;
    REQUIRE(inet_pton(AF_INET, text.c_str(), &address.sin_addr) == 1);
  } else {
    auto& address = reinterpret_cast<sockaddr_in6&>(storage);
    address.sin6_family = AF_INET6;
    REQUIRE(inet_pton(AF_INET6, text.c_str(), &address.sin6_addr) == 1);
  }
  const auto& address = reinterpret_cast<const sockaddr&>(storage);
  CHECK(gpt::crawl::address_text(address).size() >= 2);
  return gpt::crawl::is_public_address(address);
}

}  // namespace

TEST_CASE("private, loopback and other special IPv4 addresses are not public") {
  for (const char* text :
       {"0.0.0.0",         "0.1.2.3",        "10.0.0.1",       "10.255.255.255",  "100.64.0.1",
        "100.127.255.255", "127.0.0.1",      "127.255.0.1",    "169.254.169.254", "172.16.0.1",
        "172.31.255.255",  "192.0.0.8",      "192.0.2.1",      "192.88.99.1",     "192.168.1.1",
        "198.18.0.1",      "198.19.255.255", "198.51.100.7",   "203.0.113.9",     "224.0.0.1",
        "239.1.1.1",       "240.0.0.1",      "255.255.255.255"}) {
    CAPTURE(text);
    CHECK_FALSE(is_public(text));
  }
}

TEST_CASE("their neighbours are") {
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255"}) {
    CAPTURE(text);
    CHECK(is_public(text));
  }
}

TEST_CASE("special IPv6 addresses are not public, nor those that carry an IPv4 one that is not") {
  for (const char* text : {"::",
                           "::1",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "fc00::1",
                           "fdff::1",
                           "ff02::1",
                           "2001:db8::1",
                           "3fff::1",
                           "2001::1",
                           "100::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::127.0.0.1",
                           "64:ff9b::192.168.0.1",
                           "64:ff9b:1::1",
                           "2002:7f00:1::",
                           "2002:c0a8:101::1",
                           "5f00::1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_public(text));
  }
}

TEST_CASE("global IPv6 addresses are public") {
  for (const char* text : {"2a00:1450:4001::1", "2606:4700::1111", "2001:4860:4860::8888", "::ffff:1.1.1.1",
                           "64:ff9b::1.1.1.1", "2002:101:101::1", "3ffe::1"}) {
    CAPTURE(text);
    CHECK(is_public(text));
  }
}

TEST_CASE("an address of another kind is not public") {
  sockaddr address = {};
  address.sa_family = AF_UNIX;
  CHECK_FALSE(gpt::crawl::is_public_address(address));
}
