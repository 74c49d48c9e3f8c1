#include "apps/gpt-crawl/frontier/crawl_state.hpp"

#include <cstdio>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "apps/gpt-crawl/frontier/host_queue.hpp"
#include "libcommon/io/errors.hpp"

using gpt::crawl::CrawlState;
using gpt::crawl::HostQueue;
using gpt::crawl::LinkKind;
using gpt::crawl::Url;

namespace {

// A path for a state, removed at the end.
struct TemporaryState {
  std::string path =
      (std::filesystem::temp_directory_path() / ("crawl-state-" + std::to_string(getpid()))).string();
  TemporaryState() { std::remove(path.c_str()); }
  ~TemporaryState() { std::remove(path.c_str()); }
};

Url url(const std::string& text) {
  const auto parsed = Url::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace

TEST_CASE("addresses wait host by host in the order met, once each") {
  CrawlState state("", "x");
  CHECK(state.add_url(url("http://b.example/1"), 0, 0));
  CHECK(state.add_url(url("http://a.example/1"), 0, 0));
  CHECK(state.add_url(url("http://b.example/2"), 1, 2));
  CHECK_FALSE(state.add_url(url("http://b.example/1"), 5, 0));
  CHECK(state.waiting_hosts() == std::vector<std::string>{"b.example", "a.example"});
  CHECK(state.waiting_count() == 3);
  const auto waiting = state.waiting_of_host("b.example", 0, 10);
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0].url.text() == "http://b.example/1");
  CHECK(waiting[1].depth == 1);
  CHECK(waiting[1].redirects == 2);
  CHECK(state.waiting_of_host("b.example", waiting[0].id, 10).size() == 1);
  CHECK(state.waiting_of_host("b.example", 0, 1).size() == 1);
  state.finish_url(waiting[0].id);
  CHECK(state.waiting_of_host("b.example", 0, 10).size() == 1);
  CHECK_FALSE(state.add_url(url("http://b.example/1"), 0, 0));
  CHECK(state.visited_hosts() == 1);
  CHECK(state.finish_host("b.example") == 1);
  CHECK(state.waiting_hosts() == std::vector<std::string>{"a.example"});
}

TEST_CASE("a state that is opened again is where the last commit left it") {
  const TemporaryState file;
  {
    CrawlState state(file.path, "seed");
    CHECK_FALSE(state.resumed());
    state.add_site("a.example");
    state.add_url(url("http://a.example/1"), 0, 0);
    state.add_page("{\"text\":\"\xC3\xA5\"}\n");
    state.add_link(LinkKind::internal, url("http://a.example/1"));
    state.add_link(LinkKind::external, url("http://b.example/"));
    state.add_link(LinkKind::internal, url("http://b.example/"));
    state.counts().pages = 1;
    state.counts().visited = 2;
    state.counts().skipped["no text"] = 3;
    state.counts().statuses["200"] = 4;
    state.commit();
    state.add_url(url("http://a.example/lost"), 0, 0);
    state.counts().pages = 99;
  }
  {
    CrawlState state(file.path, "seed");
    CHECK(state.resumed());
    CHECK(state.has_site("a.example"));
    CHECK_FALSE(state.has_site("b.example"));
    CHECK(state.waiting_count() == 1);
    CHECK(state.counts().pages == 1);
    CHECK(state.counts().visited == 2);
    CHECK(state.counts().skipped["no text"] == 3);
    CHECK(state.counts().statuses["200"] == 4);
    std::string pages, links;
    state.for_each_page([&](const std::string& record) { pages += record; });
    state.for_each_link([&](LinkKind kind, const std::string& link) {
      links += (kind == LinkKind::internal ? "i " : "e ") + link + "\n";
    });
    CHECK(pages == "{\"text\":\"\xC3\xA5\"}\n");
    CHECK(links == "i http://a.example/1\ne http://b.example/\n");
    CHECK_THROWS_AS(CrawlState(file.path, "seed"), gpt::io::IoError);  // in use
    state.commit();
  }
  CHECK_THROWS_AS(CrawlState(file.path, "another crawl"), gpt::io::IoError);
  CrawlState state(file.path, "seed");
  state.remove();
  CHECK_FALSE(std::filesystem::exists(file.path));
}

TEST_CASE("a host's queue keeps distance and order") {
  using namespace std::chrono_literals;
  CrawlState state("", "x");
  HostQueue queue("a.example", 1s, 1);
  CHECK(queue.front(state) == nullptr);
  for (int i = 0; i < 200; ++i) state.add_url(url("http://a.example/" + std::to_string(i)), 0, 0);
  queue.note_addition();
  const auto start = HostQueue::Clock::now();
  for (int i = 0; i < 200; ++i) {
    const auto* item = queue.front(state);
    REQUIRE(item != nullptr);
    CHECK(item->url.target() == "/" + std::to_string(i));
    queue.pop();
  }
  CHECK(queue.front(state) == nullptr);

  CHECK(queue.may_start(start));
  queue.note_start(start);
  CHECK_FALSE(queue.may_start(start + 5s));  // its connection is in use
  CHECK(queue.next_start() == HostQueue::Clock::time_point::max());
  queue.note_end();
  CHECK_FALSE(queue.may_start(start + 900ms));
  CHECK(queue.may_start(start + 1s));
  queue.ask_delay(std::chrono::duration<double>(0.5));  // less than ours
  CHECK(queue.next_start() == start + 1s);
  queue.ask_delay(std::chrono::duration<double>(3));
  CHECK(queue.next_start() == start + 3s);
}
