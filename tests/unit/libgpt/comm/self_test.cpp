#include <vector>

#include <doctest/doctest.h>

#include "libgpt/comm/byte_strings.hpp"
#include "libgpt/comm/groups_of_rank.hpp"
#include "libgpt/comm/same_on_all_ranks.hpp"
#include "libgpt/comm/self_communicator.hpp"
#include "libgpt/comm/timed_communicator.hpp"

using namespace gpt;

namespace {

class Records : public comm::CollectiveSink {
 public:
  void completed(const comm::CollectiveRecord& record) override { all.push_back(record); }
  std::vector<comm::CollectiveRecord> all;
};

}  // namespace

TEST_CASE("a group of one keeps its own numbers") {
  comm::SelfCommunicator self("tensor");
  CHECK(self.rank() == 0);
  CHECK(self.size() == 1);
  CHECK(self.name() == "tensor");
  std::vector<float> values = {1, 2, 3};
  for (const auto reduction : {comm::Reduction::sum, comm::Reduction::max, comm::Reduction::min})
    self.all_reduce(std::span(values), reduction);
  self.broadcast(std::span(values), 0);
  self.barrier();
  CHECK(values == std::vector<float>{1, 2, 3});
  CHECK(self.all_reduced(7.5) == 7.5);
}

TEST_CASE("a group of one scatters and gathers apart and in place") {
  comm::SelfCommunicator self;
  std::vector<std::int64_t> from = {4, 5};
  std::vector<std::int64_t> to(2);
  self.reduce_scatter(std::span<const std::int64_t>(from), std::span(to));
  CHECK(to == from);
  from = {6, 7};
  self.all_gather(std::span<const std::int64_t>(from), std::span(to));
  CHECK(to == from);
  self.reduce_scatter(std::span<const std::int64_t>(to), std::span(to));
  self.all_gather(std::span<const std::int64_t>(to), std::span(to));
  CHECK(to == from);
  CHECK_THROWS_AS(self.all_gather(std::span<const std::int64_t>(from), std::span(to).first(1)),
                  comm::CommError);
}

TEST_CASE("a group of one has nobody to send to") {
  comm::SelfCommunicator self;
  std::vector<float> values(3);
  CHECK_THROWS_AS(self.send(std::span<const float>(values), 0, 0), comm::CommError);
  CHECK_THROWS_AS(self.receive(std::span(values), 1, 0), comm::CommError);
}

TEST_CASE("texts of one rank") {
  comm::SelfCommunicator self;
  CHECK(comm::all_gather_strings(self, "one") == std::vector<std::string>{"one"});
  CHECK(comm::all_gather_strings(self, "") == std::vector<std::string>{""});
  CHECK(comm::broadcast_string(self, "text", 0) == "text");
  comm::check_same_on_all_ranks_or_throw(self, "the options", "--seed 1");
}

TEST_CASE("a message that is already complete is reported when it is waited for") {
  comm::SelfCommunicator self("world");
  Records records;
  comm::TimedCommunicator group(self, records);
  std::vector<float> values(10);
  {
    comm::Request request = group.start_all_reduce(std::span(values), comm::Reduction::sum);
    CHECK(records.all.empty());
    CHECK(request.test());
    CHECK(records.all.size() == 1);
    CHECK(request.test());
  }
  group.all_gather(std::span<const float>(values), std::span(values));
  REQUIRE(records.all.size() == 2);
  CHECK(records.all[0].bytes == 40);
  CHECK(records.all[0].blocked <= records.all[0].duration());
  CHECK(comm::name_of(records.all[0].operation) == "all-reduce");
  CHECK(comm::name_of(records.all[1].operation) == "all-gather");
}

TEST_CASE("of what the device passes, its own times are told") {
  struct Mark : tensor::DeviceMark {
    explicit Mark(double at) : seconds(at) {}
    double seconds_since(const tensor::DeviceMark& earlier) const override {
      return seconds - dynamic_cast<const Mark&>(earlier).seconds;
    }
    double seconds;
  };
  struct OnDevice : comm::Request::Pending {
    void wait() override {
      times->wait_began = std::make_shared<Mark>(2.5);
      times->wait_ended = std::make_shared<Mark>(3);
    }
    bool test() override { return true; }
    std::shared_ptr<const comm::DeviceTimes> device_times() const override { return times; }
    std::shared_ptr<comm::DeviceTimes> times = std::make_shared<comm::DeviceTimes>(
        comm::DeviceTimes{std::make_shared<Mark>(1), std::make_shared<Mark>(3), nullptr, nullptr});
  };
  struct Group : comm::SelfCommunicator {
    void time_on_device() override { timed = true; }
    comm::Request start_barrier() override { return comm::Request(std::make_unique<OnDevice>()); }
    bool timed = false;
  };
  Group group;
  Records records;
  comm::TimedCommunicator timed(group, records);
  CHECK(group.timed);
  timed.barrier();
  REQUIRE(records.all.size() == 1);
  REQUIRE(records.all[0].device);
  const comm::DeviceTimes& times = *records.all[0].device;
  CHECK(times.finished->seconds_since(*times.started) == 2);
  CHECK(times.wait_ended->seconds_since(*times.wait_began) == 0.5);
  CHECK(timed.start_barrier().test());
  CHECK_FALSE(records.all[1].device->wait_began);  // it was complete, and not waited for
  timed.all_reduced(1.0);
  CHECK_FALSE(records.all[2].device);
}

TEST_CASE("one process has a group of itself in every role, whatever is timed") {
  comm::SelfWorld world;
  Records records;
  const comm::GroupsOfRank owner(world, cost::Layout{}, &records);
  const comm::ParallelGroups& groups = owner.groups();
  for (const auto* group : {groups.world, groups.tensor, groups.data, groups.pipeline, groups.embedding})
    CHECK(group->size() == 1);
  CHECK(groups.tensor->name() == "tensor");
  cost::Layout two;
  two.data = 2;
  CHECK_THROWS_WITH_AS(comm::GroupsOfRank(world, two),
                       "tensor 1 × pipeline 1 × data 2 is a layout for 2 ranks, and 1 were started",
                       comm::LayoutError);
}

TEST_CASE("an exception that passes a message under way gives it up instead of waiting for it") {
  struct Never : comm::Request::Pending {
    explicit Never(int& waits_made) : waits(waits_made) {}
    void wait() override { ++waits; }
    bool test() override { return false; }
    int& waits;
  };
  int waits = 0;
  try {
    const comm::Request request(std::make_unique<Never>(waits));
    throw 1;
  } catch (int) {
  }
  CHECK(waits == 0);
  { const comm::Request request(std::make_unique<Never>(waits)); }
  CHECK(waits == 1);
}
