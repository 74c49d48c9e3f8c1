#include "apps/gpt-crawl/options.hpp"

#include <initializer_list>
#include <vector>

#include <doctest/doctest.h>

#include "libcommon/cli/errors.hpp"

using gpt::cli::UsageError;
using gpt::crawl::Options;
using gpt::crawl::Source;

namespace {

Options parsed(std::initializer_list<const char*> arguments) {
  std::vector<const char*> all = {"gpt-crawl"};
  all.insert(all.end(), arguments);
  return gpt::crawl::parse_options(static_cast<int>(all.size()), all.data());
}

}  // namespace

TEST_CASE("a crawl is gentle and careful unless told otherwise") {
  const auto options = parsed({"https://example.org/"});
  CHECK(options.source == Source::web);
  CHECK(options.inputs == std::vector<std::string>{"https://example.org/"});
  CHECK(options.output == "-");
  CHECK(options.limits.max_pages == 30);
  CHECK_FALSE(options.limits.depth);
  CHECK(options.limits.delay == 1);
  CHECK(options.limits.connections_per_host == 1);
  CHECK(options.limits.max_bytes == 10 * 1024 * 1024);
  CHECK_FALSE(options.limits.allow_private);
  CHECK(options.limits.user_agent.starts_with("gpt-crawl/"));
}

TEST_CASE("limits, sizes and spellings") {
  const auto options =
      parsed({"https://example.org/", "-m", "0", "--depth", "0", "--delay", "0.5", "--max_bytes", "2M",
              "--connections_per_host=4", "--allow-private", "-o", "pages.jsonl", "--links", "links.txt"});
  CHECK(options.limits.max_pages == 0);
  CHECK(options.limits.depth == 0);
  CHECK(options.limits.delay == 0.5);
  CHECK(options.limits.max_bytes == 2 * 1024 * 1024);
  CHECK(options.limits.connections_per_host == 4);
  CHECK(options.limits.allow_private);
  CHECK(options.links == "links.txt");
}

TEST_CASE("the three kinds of input") {
  CHECK(parsed({"--html", "a", "b"}).source == Source::html_files);
  CHECK(parsed({"--html", "a", "b"}).inputs == std::vector<std::string>{"a", "b"});
  CHECK(parsed({"in.jsonl", "--json-key", "html"}).source == Source::jsonl);
  CHECK(parsed({"--json-key", "html"}).inputs == std::vector<std::string>{"-"});
  CHECK(parsed({"--urls", "start.txt"}).source == Source::web);
  CHECK(parsed({"--html", "a", "--delay", "0"}).source == Source::html_files);
}

TEST_CASE("what does not fit together is wrong usage") {
  CHECK_THROWS_AS(parsed({}), UsageError);
  CHECK_THROWS_AS(parsed({"pages/"}), UsageError);
  CHECK_THROWS_AS(parsed({"ftp://example.org/"}), UsageError);
  CHECK_THROWS_AS(parsed({"https://example.org/", "--html", "a"}), UsageError);
  CHECK_THROWS_AS(parsed({"--html", "a", "--json-key", "html"}), UsageError);
  CHECK_THROWS_AS(parsed({"--html", "a", "--links", "l"}), UsageError);
  CHECK_THROWS_AS(parsed({"in.jsonl", "--json-key", "html", "--urls", "u"}), UsageError);
  CHECK_THROWS_AS(parsed({"https://example.org/", "--connections-per-host", "0"}), UsageError);
  CHECK_THROWS_AS(parsed({"https://example.org/", "--user-agent", "(none)"}), UsageError);
  CHECK_THROWS_AS(parsed({"https://example.org/", "--user-agent", "a\r\nX: y"}), UsageError);
}
