#include <doctest/doctest.h>

#include "libgpt/tensor/cuda/cuda_device.hpp"

using namespace gpt::tensor;

TEST_CASE("a program built with CUDA or without tells what GPUs there are, also where there is no driver") {
  const GpuFacts facts = gpu_facts();
  if (facts.toolkit == 0) {
    MESSAGE("built without CUDA");
    CHECK_THROWS_WITH_AS(check_usable_or_throw(facts), doctest::Contains("built without CUDA"), NoUsableGpu);
    CHECK_THROWS_AS(make_cuda_device_or_throw(0), NoUsableGpu);
    return;
  }
  CHECK_FALSE(facts.code.empty());
  if (facts.driver == 0) {
    MESSAGE("no driver");
    CHECK(facts.gpus.empty());
    CHECK_THROWS_WITH_AS(check_usable_or_throw(facts), doctest::Contains("no NVIDIA driver"), NoUsableGpu);
    CHECK_THROWS_AS(make_cuda_device_or_throw(0), NoUsableGpu);
    return;
  }
  for (const Gpu& gpu : facts.gpus) {
    CHECK(gpu.uuid.size() > 10);
    CHECK_FALSE(gpu.name.empty());
    CHECK(gpu.bytes > 0);
  }
}
