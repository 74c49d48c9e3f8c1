#include "libcommon/threads/bounded_queue.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using gpt::threads::BoundedQueue;

TEST_CASE("first in, first out; closed and drained is the end") {
  BoundedQueue<int> queue(3);
  CHECK(queue.push(1));
  CHECK(queue.push(2));
  queue.close();
  CHECK_FALSE(queue.push(3));
  CHECK(queue.pop() == 1);
  CHECK(queue.pop() == 2);
  CHECK_FALSE(queue.pop());
  CHECK_FALSE(queue.pop());
}

TEST_CASE("items that only move") {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  CHECK(queue.push(std::make_unique<int>(5)));
  auto item = queue.pop();
  REQUIRE(item);
  CHECK(**item == 5);
}

TEST_CASE("a full queue holds its producer back, a close lets it go") {
  BoundedQueue<int> queue(2);
  std::atomic<int> pushed{0};
  std::thread producer([&] {
    for (int i = 0; i < 100 && queue.push(i); ++i) ++pushed;
  });
  for (int i = 0; i < 10; ++i) {
    CHECK(queue.pop() == i);
    CHECK(pushed.load() <= i + 1 + 2 + 1);  // taken, inside, and one that is being counted
  }
  queue.close();
  producer.join();
  CHECK(pushed.load() <= 13);
}

TEST_CASE("several producers and consumers: every item once") {
  BoundedQueue<int> queue(4);
  std::vector<std::atomic<int>> seen(4000);
  std::vector<std::thread> producers;
  std::vector<std::thread> consumers;
  for (int p = 0; p < 4; ++p) {
    producers.emplace_back([&, p] {
      for (int i = 0; i < 1000; ++i) queue.push(p * 1000 + i);
    });
  }
  for (int c = 0; c < 3; ++c) {
    consumers.emplace_back([&] {
      while (const auto item = queue.pop()) ++seen[static_cast<std::size_t>(*item)];
    });
  }
  for (auto& thread : producers) thread.join();
  queue.close();
  for (auto& thread : consumers) thread.join();
  bool each_once = true;
  for (const auto& count : seen) each_once = each_once && count == 1;
  CHECK(each_once);
}
