#include "libgpt/comm/cuda/nccl_world.hpp"

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/comm/groups_of_rank.hpp"
#include "libgpt/comm/tcp/tcp_socket.hpp"
#include "libgpt/comm/tcp/tcp_world.hpp"
#include "libgpt/comm/timed_communicator.hpp"
#include "libgpt/schedule/executor.hpp"
#include "libgpt/schedule/stage_actions.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"
#include "tests/support/affine_stage.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/unit/libgpt/comm/cuda/pretended_nccl.hpp"

using namespace gpt;
using tensor::DeviceF32;

namespace {

// Threads that are ranks, with a world of the host over TCP and one over NCCL beside it.
void run_ranks(int size, const std::function<void(comm::World&)>& body) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const int port = comm::port_of(comm::listen_on(0));
  std::mutex mutex;
  std::exception_ptr first;
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      try {
        comm::MeetingPoint point;
        point.rank = rank;
        point.size = size;
        point.hosts = {"127.0.0.1"};
        point.ports = {port};
        point.patience = point.time_limit = std::chrono::seconds(30);
        const auto host = comm::join_tcp_or_throw(point);
        {
          const auto world = comm::make_nccl_world_or_throw(*host);
          body(*world);
        }
        host->finalise();
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (first) std::rethrow_exception(first);
}

class Numbers {
 public:
  explicit Numbers(const std::vector<float>& numbers) : memory_(numbers.size()) {
    tensor::upload<DeviceF32>(numbers, memory_.span());
  }
  std::span<DeviceF32> span() { return memory_.span(); }
  std::vector<float> on_host() { return tensor::downloaded<DeviceF32>(memory_.span()); }

 private:
  tensor::AlignedBuffer<DeviceF32> memory_;
};

std::vector<float> numbers_of(int rank, std::size_t count) {
  std::vector<float> numbers(count);
  for (std::size_t i = 0; i < count; ++i)
    numbers[i] = static_cast<float>(100 * rank) + static_cast<float>(i % 90);
  return numbers;
}

void check_collectives(comm::Communicator& group, std::size_t count) {
  const int ranks = group.size();
  const auto size = static_cast<std::size_t>(ranks);
  std::vector<float> sum(count * size), all;
  for (int rank = 0; rank < ranks; ++rank) {
    const auto theirs = numbers_of(rank, count * size);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += theirs[i];
    const auto shard = numbers_of(rank, count);
    all.insert(all.end(), shard.begin(), shard.end());
  }
  Numbers whole(numbers_of(group.rank(), count * size));
  Numbers shard(std::vector<float>(count, -1.0F));
  group.reduce_scatter(std::span<const DeviceF32>(whole.span()), shard.span());
  const auto begin =
      sum.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(group.rank()) * count);
  CHECK(shard.on_host() == std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(count)));
  group.all_reduce(whole.span());
  CHECK(whole.on_host() == sum);
  group.all_reduce(whole.span(), comm::Reduction::max);
  CHECK(whole.on_host() == sum);
  Numbers mine(numbers_of(group.rank(), count));
  group.all_gather(std::span<const DeviceF32>(mine.span()), whole.span());
  CHECK(whole.on_host() == all);
  group.broadcast(mine.span(), ranks - 1);
  CHECK(mine.on_host() == numbers_of(ranks - 1, count));
  CHECK(group.all_reduced<std::int64_t>(group.rank()) == ranks * (ranks - 1) / 2);  // on the host
}

// The stage that knows what it should get, over device memory.
class DeviceStage : public schedule::StageWork<DeviceF32> {
 public:
  DeviceStage(const schedule::PipelineShape& shape, std::int64_t stage) : affine_(shape, stage, kSize) {}
  std::size_t stream_size() const override { return kSize; }
  void forward(const schedule::Action& action, std::span<const DeviceF32> input,
               std::span<DeviceF32> output) override {
    auto& kept = inputs_[{action.micro_batch, action.chunk}];
    kept = widened(input);
    std::vector<double> made(output.size());
    affine_.forward(action, kept, made);
    store(made, output);
  }
  void backward(const schedule::Action& action, std::span<const DeviceF32> d_output,
                std::span<DeviceF32> d_input) override {
    std::vector<double> made(d_input.size());
    const std::vector<double> given = widened(d_output);
    affine_.backward(action, given, made);
    store(made, d_input);
  }
  const test::AffineStage& affine() const { return affine_; }

 private:
  static constexpr std::size_t kSize = 40;
  static std::vector<double> widened(std::span<const DeviceF32> values) {
    const auto narrow = tensor::downloaded<DeviceF32>(values);
    return {narrow.begin(), narrow.end()};
  }
  static void store(const std::vector<double>& values, std::span<DeviceF32> place) {
    const std::vector<float> narrow(values.begin(), values.end());
    tensor::upload<DeviceF32>(narrow, place);
  }

  test::AffineStage affine_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<double>> inputs_;
};

}  // namespace

TEST_CASE("collectives over NCCL, in the world and in the groups of a layout") {
  for (const int ranks : {2, 3, 4}) {
    CAPTURE(ranks);
    run_ranks(ranks, [&](comm::World& world) {
      for (const std::size_t count : {0, 1, 1000}) check_collectives(world.communicator(), count);
      cost::Layout layout;
      layout.tensor = ranks == 4 ? 2 : 1;
      layout.data = ranks == 4 ? 2 : ranks;
      const comm::GroupsOfRank groups(world, layout);
      check_collectives(*groups.groups().data, 7);
      check_collectives(*groups.groups().tensor, 7);
    });
  }
}

TEST_CASE("several collectives are under way, and waited for in any order") {
  run_ranks(3, [](comm::World& world) {
    cost::Layout layout;
    layout.data = 3;
    const comm::GroupsOfRank groups(world, layout);
    std::vector<Numbers> buckets;
    for (int i = 0; i < 5; ++i) buckets.emplace_back(std::vector<float>(100, static_cast<float>(i)));
    std::vector<comm::Request> requests;
    for (auto& bucket : buckets)
      requests.push_back(groups.groups().data->start_all_reduce(bucket.span(), comm::Reduction::sum));
    while (!requests.back().test()) std::this_thread::yield();
    for (std::size_t i = 0; i < requests.size(); ++i)
      requests[world.rank() == 1 ? i : requests.size() - 1 - i].wait();
    for (std::size_t i = 0; i < buckets.size(); ++i)
      CHECK(buckets[i].on_host() == std::vector<float>(100, 3 * static_cast<float>(i)));
  });
}

TEST_CASE("pipelines pass their activations and gradients over lanes") {
  for (const schedule::PipelineShape& shape :
       {schedule::PipelineShape{2, 5, 1}, schedule::PipelineShape{2, 4, 3}, schedule::PipelineShape{3, 6, 2},
        schedule::PipelineShape{4, 7, 1}}) {
    CAPTURE(shape.stages);
    CAPTURE(shape.chunks);
    const std::size_t before = test::messages_by_nccl();
    run_ranks(static_cast<int>(shape.stages), [&](comm::World& world) {
      cost::Layout layout;
      layout.pipeline = shape.stages;
      const comm::GroupsOfRank groups(world, layout);
      comm::Communicator& pipeline = *groups.groups().pipeline;
      schedule::Executor<DeviceF32> executor(pipeline, shape.chunks);
      DeviceStage stage(shape, pipeline.rank());
      for (int step = 0; step < 3; ++step)
        executor.run(schedule::training_actions(shape, pipeline.rank()), stage);
      executor.run(schedule::forward_only_actions(shape), stage);
      CHECK(stage.affine().mistakes() == 0);
      CHECK(stage.affine().forward_passes() == 4 * shape.passes());
      CHECK(stage.affine().backward_passes() == 3 * shape.passes());
    });
    // each pass but those of the model's first or last chunk, and the two of each pair that warm it up
    const std::int64_t pass = shape.micro_batches * (shape.stages * shape.chunks - 1);
    CHECK(test::messages_by_nccl() - before == static_cast<std::size_t>(7 * pass + 2 * shape.stages));
  }
}

TEST_CASE("messages that no lane is for go by the host") {
  const std::size_t before = test::messages_by_nccl();
  run_ranks(3, [](comm::World& world) {
    comm::Communicator& group = world.communicator();
    Numbers sent(numbers_of(group.rank(), 50)), received(std::vector<float>(50));
    const int next = (group.rank() + 1) % 3, previous = (group.rank() + 2) % 3;
    comm::Request receive = group.start_receive(received.span(), previous, 5);
    group.send(std::span<const DeviceF32>(sent.span()), next, 5);
    receive.wait();
    CHECK(received.on_host() == numbers_of(previous, 50));
  });
  CHECK(test::messages_by_nccl() == before);
}

TEST_CASE("a timed group tells when the device passed a message") {
  struct Records : comm::CollectiveSink {
    void completed(const comm::CollectiveRecord& record) override { all.push_back(record); }
    std::vector<comm::CollectiveRecord> all;
  };
  run_ranks(2, [](comm::World& world) {
    Records records;
    comm::TimedCommunicator group(world.communicator(), records);
    Numbers numbers(numbers_of(group.rank(), 1000));
    group.all_reduce(numbers.span());
    REQUIRE(records.all.size() == 1);
    REQUIRE(records.all[0].device);
    const comm::DeviceTimes& times = *records.all[0].device;
    CHECK(times.finished->seconds_since(*times.started) >= 0);
    CHECK(times.wait_ended->seconds_since(*times.wait_began) >= 0);
    CHECK(times.wait_ended->seconds_since(*times.finished) >= 0);
  });
}
