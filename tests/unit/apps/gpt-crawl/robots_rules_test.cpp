#include "apps/gpt-crawl/robots/robots_rules.hpp"

#include <doctest/doctest.h>

using gpt::crawl::RobotsRules;

namespace {

bool allowed(std::string_view content, std::string_view target, std::string_view token = "gpt-crawl") {
  return RobotsRules::parse(content, token).allows(target);
}

}  // namespace

TEST_CASE("an empty file, or none of its groups ours, allows all") {
  CHECK(allowed("", "/a"));
  CHECK(allowed("# nothing\n\n", "/a"));
  CHECK(allowed("User-agent: other\nDisallow: /\n", "/a"));
  CHECK(allowed("Disallow: /\n", "/a"));  // outside any group
  CHECK(allowed("<html><body>User-agent: * Disallow: /</body></html>", "/a"));
}

TEST_CASE("the star group applies where no group names the crawler") {
  const auto file = "User-agent: *\nDisallow: /private\n\nUser-agent: gpt-crawl\nDisallow: /ours\n";
  CHECK_FALSE(allowed(file, "/ours/x"));
  CHECK(allowed(file, "/private/x"));
  CHECK_FALSE(allowed(file, "/private/x", "other"));
  CHECK(allowed(file, "/ours/x", "other"));
}

TEST_CASE("names are compared without case and without version") {
  CHECK_FALSE(allowed("USER-AGENT: GPT-Crawl/2.0\nDISALLOW: /\n", "/"));
  CHECK(allowed("User-agent: gpt-crawler\nDisallow: /\n", "/"));
  CHECK(allowed("User-agent: gpt\nDisallow: /\n", "/"));
  CHECK(gpt::crawl::product_token_of("gpt-crawl/0.1 (+https://example.org)") == "gpt-crawl");
  CHECK(gpt::crawl::product_token_of("Mozilla/5.0 (x)") == "Mozilla");
  CHECK(gpt::crawl::product_token_of("123").empty());
}

TEST_CASE("several agents share a group, and groups of one agent merge") {
  const auto file =
      "User-agent: a\nUser-agent: gpt-crawl\nDisallow: /one\n"
      "User-agent: b\nDisallow: /two\n"
      "User-agent: gpt-crawl\nDisallow: /three\n";
  CHECK_FALSE(allowed(file, "/one"));
  CHECK(allowed(file, "/two"));
  CHECK_FALSE(allowed(file, "/three"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /one\nUser-agent: *\nDisallow: /two\n", "/two"));
}

TEST_CASE("unknown lines between user-agent lines do not end the group's head") {
  CHECK_FALSE(allowed(
      "User-agent: gpt-crawl\nSitemap: https://example.org/s.xml\nUser-agent: b\nDisallow: /x\n", "/x"));
}

TEST_CASE("a group of our own with nothing forbidden allows all") {
  CHECK(allowed("User-agent: *\nDisallow: /\n\nUser-agent: gpt-crawl\nDisallow:\n", "/a"));
}

TEST_CASE("the longest match wins, and Allow on a tie") {
  const auto file = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\n";
  CHECK_FALSE(allowed(file, "/a/x"));
  CHECK(allowed(file, "/a/b/x"));
  CHECK_FALSE(allowed(file, "/a/b/cd"));
  CHECK(allowed("User-agent: *\nDisallow: /page\nAllow: /page\n", "/page"));
  CHECK(allowed("User-agent: *\nAllow: /page\nDisallow: /page\n", "/page"));
  CHECK_FALSE(allowed("User-agent: *\nAllow: /page\nDisallow: /*.htm\n", "/page.htm"));
  CHECK(allowed("User-agent: *\nAllow: /\nDisallow: /\n", "/"));
  CHECK(allowed("User-agent: *\nDisallow: /\nAllow: /$\n", "/"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /\nAllow: /$\n", "/x"));
}

TEST_CASE("star and dollar") {
  const auto file =
      "User-agent: *\nDisallow: /*.gif$\nDisallow: /fish*\nDisallow: /a*b*c$\nDisallow: *secret\n";
  CHECK_FALSE(allowed(file, "/images/cat.gif"));
  CHECK(allowed(file, "/images/cat.gif?x=1"));
  CHECK(allowed(file, "/images/cat.giffy"));
  CHECK_FALSE(allowed(file, "/fisherman"));
  CHECK(allowed(file, "/catfish"));
  CHECK_FALSE(allowed(file, "/a-b-b-c"));
  CHECK_FALSE(allowed(file, "/abcc"));
  CHECK(allowed(file, "/abcd"));
  CHECK_FALSE(allowed(file, "/x/secret/y"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /x$y\n", "/x$yz"));  // '$' inside is itself
  CHECK(allowed("User-agent: *\nDisallow: /x$\n", "/x$"));
}

TEST_CASE("stars do not make matching explode") {
  std::string pattern = "/";
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK(allowed("User-agent: *\nDisallow: " + pattern + "b$\n", "/" + std::string(2000, 'a')));
}

TEST_CASE("percent-encoding is compared in one spelling") {
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /a%3cd.html\n", "/a%3Cd.html"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /%7ejoe/\n", "/~joe/index.html"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /~joe/\n", "/%7Ejoe/index.html"));
  CHECK(allowed("User-agent: *\nDisallow: /a/b\n", "/a%2Fb"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /\xC3\xA5ker\n", "/%C3%A5ker"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /%C3%A5ker\n", "/\xC3\xA5ker"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /price%24\n", "/price$"));
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /a%2Ab\n", "/a*b"));
  CHECK(allowed("User-agent: *\nDisallow: /a%2Ab\n", "/axb"));
}

TEST_CASE("the query belongs to what is matched") {
  CHECK_FALSE(allowed("User-agent: *\nDisallow: /*?print=\n", "/page?print=1"));
  CHECK(allowed("User-agent: *\nDisallow: /*?print=\n", "/page"));
}

TEST_CASE("line ends, comments, blanks and a byte order mark") {
  CHECK_FALSE(allowed("\xEF\xBB\xBFUser-agent: *\r\nDisallow: /a # not this\r\n", "/a"));
  CHECK_FALSE(allowed("User-agent:*\rDisallow:/a\r", "/a"));
  CHECK_FALSE(allowed("  User-agent :  *  \n  Disallow :  /a  \n", "/a"));
  CHECK_FALSE(allowed("User-agent: * # all\nDisallow: /a", "/a"));
  CHECK(allowed("User-agent: *\nDisallow: #/a\n", "/a"));
  CHECK(allowed("User-agent: *\nDisallow: a\n", "/a"));  // no path
}

TEST_CASE("robots.txt itself is always allowed, and forbid_all forbids the rest") {
  CHECK(RobotsRules::forbid_all().allows("/robots.txt"));
  CHECK_FALSE(RobotsRules::forbid_all().allows("/"));
  CHECK_FALSE(RobotsRules::forbid_all().allows(""));
  CHECK(RobotsRules::allow_all().allows("/anything"));
}

TEST_CASE("rules beyond 500 KiB may be dropped, those within count") {
  const std::string filler(1000, '#');
  std::string file = "User-agent: *\n";
  while (file.size() < 500 * 1024) file += filler + "\n";
  file += "Disallow: /late\n";
  CHECK_FALSE(allowed(file, "/late"));
  while (file.size() < gpt::crawl::kRobotsBytesRead) file += filler + "\n";
  file += "Disallow: /too-late\n";
  CHECK(allowed(file, "/too-late"));
}

TEST_CASE("crawl-delay") {
  CHECK(RobotsRules::parse("User-agent: *\nCrawl-delay: 2.5\n", "gpt-crawl").crawl_delay() == 2.5);
  CHECK(RobotsRules::parse("User-agent: other\nCrawl-delay: 5\n", "gpt-crawl").crawl_delay() == std::nullopt);
  for (const char* value : {"abc", "-1", "nan", "inf", "1e999"}) {
    CAPTURE(value);
    const auto file = std::string("User-agent: *\nCrawl-delay: ") + value + "\n";
    CHECK(RobotsRules::parse(file, "gpt-crawl").crawl_delay() == std::nullopt);
  }
}

TEST_CASE("bytes that are no text do no harm") {
  std::string noise;
  for (int i = 0; i < 4096; ++i) noise += static_cast<char>((i * 167 + i / 7) & 255);
  CHECK(allowed(noise, "/a"));
  CHECK_FALSE(allowed(noise + "\nUser-agent: *\nDisallow: /a\n", "/a"));
}
