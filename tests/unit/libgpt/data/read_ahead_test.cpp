#include "libgpt/data/read_ahead.hpp"

#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using gpt::data::ReadAhead;

TEST_CASE("what is read ahead is read on another thread, once, while its user goes on") {
  std::promise<void> go_on;
  auto may_go_on = go_on.get_future();
  std::vector<int> keys;
  std::thread::id reader;
  ReadAhead<int, std::string> ahead([&](const int& key) {
    may_go_on.wait();
    keys.push_back(key);
    reader = std::this_thread::get_id();
    return "value " + std::to_string(key);
  });
  ahead.start(7);  // does not wait for the reading, which waits for the next line
  go_on.set_value();
  CHECK(ahead.take(7) == "value 7");
  CHECK(keys == std::vector<int>{7});
  CHECK(reader != std::this_thread::get_id());
}

TEST_CASE("what was not read ahead is read when it is asked for") {
  std::vector<int> keys;
  ReadAhead<int, int> ahead([&](const int& key) {
    keys.push_back(key);
    return 10 * key;
  });
  CHECK(ahead.take(1) == 10);
  ahead.start(2);
  CHECK(ahead.take(3) == 30);  // another than the one read ahead, which is kept
  CHECK(ahead.take(2) == 20);
  CHECK(ahead.take(2) == 20);  // it was taken: read again
  ahead.start(4);
  ahead.start(5);
  CHECK(ahead.take(5) == 50);
  CHECK(keys == std::vector<int>{1, 2, 3, 2, 4, 5});
}

TEST_CASE("a failure to read is thrown where the value is taken, and only there") {
  ReadAhead<int, int> ahead([](const int& key) {
    if (key < 0) throw std::runtime_error("cannot read " + std::to_string(key));
    return key;
  });
  ahead.start(-1);
  CHECK_THROWS_WITH(ahead.take(-1), "cannot read -1");
  ahead.start(-2);
  ahead.start(3);
  CHECK(ahead.take(3) == 3);
  CHECK_THROWS_WITH(ahead.take(-4), "cannot read -4");
}

TEST_CASE("it may end with something read and not taken, or with a failure nobody saw") {
  for (const int key : {1, -1}) {
    ReadAhead<int, int> ahead([](const int& k) -> int {
      if (k < 0) throw std::runtime_error("unseen");
      return k;
    });
    ahead.start(key);
  }
  ReadAhead<int, int> unused([](const int& key) { return key; });
}
