#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/comm/timed_communicator.hpp"
#include "tests/dist/comm/numbers.hpp"
#include "tests/dist/dist_world.hpp"

using namespace gpt;
using test::number_of;
using test::numbers_of;
using test::world;

namespace {

class Records : public comm::CollectiveSink {
 public:
  void completed(const comm::CollectiveRecord& record) override {
    all.push_back(record);
    groups.emplace_back(record.group);
  }
  std::vector<comm::CollectiveRecord> all;
  std::vector<std::string> groups;
};

}  // namespace

TEST_CASE("requests complete by tests between pieces of computation") {
  comm::Communicator& group = world().communicator();
  constexpr std::size_t kBuckets = 6;
  constexpr std::size_t kCount = 50'000;
  std::vector<std::vector<float>> buckets;
  std::vector<comm::Request> requests;
  double computed = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    buckets.push_back(numbers_of<float>(group.rank(), kCount, bucket));
    requests.push_back(group.start_all_reduce(std::span(buckets.back()), comm::Reduction::max));
    for (int i = 0; i < 10'000; ++i) computed += number_of<double>(i, bucket);
    for (comm::Request& request : requests) request.test();
  }
  for (bool complete = false; !complete;) {
    complete = true;
    for (comm::Request& request : requests) complete &= request.test();
  }
  CHECK(computed != 0);
  std::size_t wrong = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    for (std::size_t i = 0; i < kCount; ++i) {
      float largest = number_of<float>(0, bucket + i);
      for (int rank = 1; rank < group.size(); ++rank)
        largest = std::max(largest, number_of<float>(rank, bucket + i));
      wrong += buckets[bucket][i] != largest;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("ranks may wait for large reductions in different orders") {
  comm::Communicator& group = world().communicator();
  constexpr std::size_t kCount = 300'001;
  std::vector<std::vector<std::int64_t>> buckets;
  std::vector<comm::Request> requests;
  for (std::int64_t bucket = 0; bucket < 4; ++bucket) {
    buckets.emplace_back(kCount, group.rank() + bucket);
    requests.push_back(group.start_all_reduce(std::span(buckets.back()), comm::Reduction::sum));
  }
  std::int64_t small = 1;
  comm::Request last = group.start_all_reduce(std::span<std::int64_t>(&small, 1), comm::Reduction::sum);
  if (group.rank() % 2 == 0) last.wait();
  for (std::size_t i = 0; i < requests.size(); ++i)
    requests[group.rank() % 3 == 0 ? i : requests.size() - 1 - i].wait();
  last.wait();
  const std::int64_t ranks = group.size();
  CHECK(small == ranks);
  for (std::int64_t bucket = 0; bucket < 4; ++bucket) {
    const std::int64_t sum = ranks * (ranks - 1) / 2 + ranks * bucket;
    CHECK(buckets[static_cast<std::size_t>(bucket)] == std::vector<std::int64_t>(kCount, sum));
  }
}

TEST_CASE("a barrier is complete only when all have come") {
  comm::Communicator& group = world().communicator();
  if (group.size() == 1) return;
  if (group.rank() == 0) {
    // rank 1 comes to the barrier after it has been sent this
    comm::Request barrier = group.start_barrier();
    for (int i = 0; i < 100; ++i) CHECK_FALSE(barrier.test());
    const std::int32_t go = 1;
    group.send(std::span<const std::int32_t>(&go, 1), 1, 0);
    barrier.wait();
    return;
  }
  if (group.rank() == 1) {
    std::int32_t go = 0;
    group.receive(std::span<std::int32_t>(&go, 1), 0, 0);
  }
  group.barrier();
}

TEST_CASE("a timed group tells of every message when it is complete") {
  Records records;
  comm::TimedCommunicator group(world().communicator(), records);
  std::vector<double> values(1000, 1.0);
  comm::Request request = group.start_all_reduce(std::span(values), comm::Reduction::sum);
  CHECK(records.all.empty());
  request.wait();
  REQUIRE(records.all.size() == 1);
  CHECK(values[999] == world().size());
  const comm::CollectiveRecord& record = records.all[0];
  CHECK(record.operation == comm::Operation::all_reduce);
  CHECK(records.groups[0] == "world");
  CHECK(record.group_size == world().size());
  CHECK(record.bytes == 8000);
  CHECK(record.finished >= record.started);
  CHECK(record.blocked <= record.duration());

  group.barrier();
  group.broadcast(std::span(values), world().size() - 1);
  REQUIRE(records.all.size() == 3);
  CHECK(records.all[1].operation == comm::Operation::barrier);
  CHECK(records.all[2].peer == world().size() - 1);
}
