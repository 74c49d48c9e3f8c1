#include "libgpt/comm/gpu_of_rank.hpp"

#include <mutex>
#include <set>

#include <doctest/doctest.h>

#include "tests/support/thread_communicator.hpp"

using namespace gpt;

namespace {

tensor::GpuFacts machine_with(const std::vector<std::string>& uuids) {
  tensor::GpuFacts facts;
  facts.driver = facts.toolkit = 13000;
  facts.code = tensor::parse_architectures("80,90");
  for (const std::string& uuid : uuids) facts.gpus.push_back({uuid, "NVIDIA H100", 90, 1});
  return facts;
}

}  // namespace

TEST_CASE("the ranks of a machine take its GPUs in turn") {
  std::mutex mutex;
  std::set<int> taken;
  test::run_ranks(3, [&](comm::Communicator& world) {
    const auto gpu =
        comm::gpu_of_rank_or_throw(world, machine_with({"a", "b", "c"}), tensor::GpuSharing::refused);
    const std::lock_guard lock(mutex);
    CHECK(gpu.sharing == 1);
    taken.insert(gpu.ordinal);
  });
  CHECK(taken == std::set<int>{0, 1, 2});
}

TEST_CASE("ranks that share a GPU know how many they are") {
  test::run_ranks(3, [&](comm::Communicator& world) {
    const auto facts = machine_with({"a", "b"});
    const auto gpu = comm::gpu_of_rank_or_throw(world, facts, tensor::GpuSharing::allowed);
    CHECK(gpu.ordinal == world.rank() % 2);
    CHECK(gpu.sharing == (gpu.ordinal == 0 ? 2 : 1));
    CHECK_THROWS_AS(comm::gpu_of_rank_or_throw(world, facts, tensor::GpuSharing::refused),
                    tensor::NoUsableGpu);
  });
}

TEST_CASE("GPUs of several kinds are told, with who has which") {
  test::run_ranks(6, [&](comm::Communicator& world) {
    CHECK(comm::mixed_gpus(world, "NVIDIA H100").empty());
    CHECK(comm::mixed_gpus(world, world.rank() < 5 ? "NVIDIA A100" : "NVIDIA H100") ==
          "NVIDIA A100 on ranks 0, 1, 2 and 2 more, NVIDIA H100 on rank 5");
  });
}
