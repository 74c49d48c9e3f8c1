#include "apps/gpt-dedup/url_form.hpp"

#include <doctest/doctest.h>

using gpt::dedup::comparable_url;

TEST_CASE("what does not change the page does not count") {
  const std::string plain = comparable_url("https://example.se/sida/ett?id=7");
  CHECK(plain == "example.se/sida/ett?id=7");
  for (const char* same : {"http://example.se/sida/ett?id=7", "HTTPS://WWW.Example.SE/sida/ett?id=7",
                           "https://example.se:443/sida/ett/?id=7", "http://example.se:80/sida/ett?id=7#del",
                           " https://example.se/sida/%65tt?utm_source=x&id=7&fbclid=abc\n",
                           "https://example.se/sida/ett?id=7&"}) {
    CAPTURE(same);
    CHECK(comparable_url(same) == plain);
  }
}

TEST_CASE("what changes the page counts") {
  const std::string plain = comparable_url("https://example.se/sida");
  for (const char* other :
       {"https://example.se/Sida", "https://example.se/sida?x=1", "https://example.com/sida",
        "https://example.se:8080/sida", "https://m.example.se/sida", "https://example.se/sida%2F",
        "https://example.se/", "", "http://example.se:443/sida"}) {
    CAPTURE(other);
    CHECK_FALSE(comparable_url(other) == plain);
  }
  CHECK(comparable_url("https://a/x%2fy") == comparable_url("https://a/x%2Fy"));
  CHECK(comparable_url("https://a/100%") == "a/100%");
  CHECK(comparable_url("https://a") == comparable_url("http://a/"));
}
