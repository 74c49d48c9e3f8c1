#include "apps/gpt-crawl/frontier/url.hpp"

#include <doctest/doctest.h>

#include "apps/gpt-crawl/frontier/percent_encoding.hpp"

using gpt::crawl::Url;

namespace {

std::string normal(const char* text) {
  const auto url = Url::parse(text);
  return url ? url->text() : "(none)";
}

std::string resolved(const char* base, const char* reference) {
  const auto from = Url::parse(base);
  REQUIRE(from);
  const auto url = Url::parse(reference, &*from);
  return url ? url->text() : "(none)";
}

}  // namespace

TEST_CASE("one address has one spelling") {
  CHECK(normal("HTTP://Example.ORG") == "http://example.org/");
  CHECK(normal("http://example.org:80/a") == "http://example.org/a");
  CHECK(normal("https://example.org:443/a") == "https://example.org/a");
  CHECK(normal("http://example.org:443/a") == "http://example.org:443/a");
  CHECK(normal("http://example.org./a") == "http://example.org/a");
  CHECK(normal("http://example.org/a/./b/../c") == "http://example.org/a/c");
  CHECK(normal("http://example.org/../../a") == "http://example.org/a");
  CHECK(normal("http://example.org/a/..") == "http://example.org/");
  CHECK(normal("http://example.org/a/b/.") == "http://example.org/a/b/");
  CHECK(normal("http://example.org/%7euser/%c3%a5") == "http://example.org/~user/%C3%A5");
  CHECK(normal("http://example.org/%2e%2E/x") == "http://example.org/x");
  CHECK(normal("http://example.org/a%2fb") == "http://example.org/a%2Fb");
  CHECK(normal("http://example.org/a#part") == "http://example.org/a");
  CHECK(normal("http://example.org?q=1#x") == "http://example.org/?q=1");
  CHECK(normal("http://example.org/a?") == "http://example.org/a");
  CHECK(normal("http://example.org/100%") == "http://example.org/100%25");
  CHECK(normal("  http://example.org/\n a b ") == "http://example.org/%20a%20b");
  CHECK(normal("http://user:secret@example.org/") == "http://example.org/");
  CHECK(normal("http://[2001:DB8::1]:8080/x") == "http://[2001:db8::1]:8080/x");
  CHECK(normal("http://example.org/a//b") == "http://example.org/a//b");
}

TEST_CASE("letters outside ASCII are encoded in path and host") {
  CHECK(normal("http://example.org/sm\xC3\xB6rg\xC3\xA5s") == "http://example.org/sm%C3%B6rg%C3%A5s");
  CHECK(normal("http://example.org/?q=\xC3\xA4") == "http://example.org/?q=%C3%A4");
  CHECK(normal("http://r\xC3\xA4ksm\xC3\xB6rg\xC3\xA5s.example/") == "http://xn--rksmrgs-5wao1o.example/");
}

TEST_CASE("what is no web address is none") {
  for (const char* text :
       {"", "mailto:a@example.org", "javascript:void(0)", "ftp://example.org/", "/a/b", "example.org",
        "http://", "data:text/html,x", "tel:123", "#top", "file:///etc/passwd", "http://example.org:99999/",
        "http://../", "http://a..b/", "http://a_b!c/"}) {
    CAPTURE(text);
    CHECK(normal(text) == "(none)");
  }
  CHECK(normal(("http://example.org/" + std::string(5000, 'a')).c_str()) == "(none)");
}

TEST_CASE("references are resolved as RFC 3986, 5.4 shows") {
  const char* base = "http://a/b/c/d;p?q";
  const std::pair<const char*, const char*> cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {"g?y#s", "http://a/b/c/g?y"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://b.example/x", "https://b.example/x"},
      {"mailto:x@example.org", "(none)"},
  };
  for (const auto& [reference, wanted] : cases) {
    CAPTURE(reference);
    CHECK(resolved(base, reference) == wanted);
  }
}

TEST_CASE("parts of an address") {
  const auto url = Url::parse("https://www.example.org:8443/a/b?c=d");
  REQUIRE(url);
  CHECK(url->origin() == "https://www.example.org:8443");
  CHECK(url->host() == "www.example.org:8443");
  CHECK(url->site() == "example.org:8443");
  CHECK(url->target() == "/a/b?c=d");
}

TEST_CASE("normalising twice changes nothing") {
  for (const char* text :
       {"http://example.org/a b%20%zz%", "http://example.org/%C3%A5?x=%26&y=|", "http://x.y/%2525"}) {
    const auto once = Url::parse(text);
    REQUIRE(once);
    CHECK(normal(once->text().c_str()) == once->text());
  }
}
