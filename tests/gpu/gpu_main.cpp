// Runs a program of tests on the first GPU; without one it says so and why, and is skipped, or fails where a
// GPU is asked for (GPT_REQUIRE_GPU=1, tests/run.sh --gpu).
#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdlib>
#include <iostream>
#include <string>

#include <doctest/doctest.h>

#include "libgpt/ops/cuda/product.hpp"
#include "libgpt/tensor/cuda/cuda_device.hpp"

namespace {

constexpr int kSkipped = 77;

bool gpu_is_required() {
  const char* const value = std::getenv("GPT_REQUIRE_GPU");
  return value != nullptr && std::string(value) == "1";
}

}  // namespace

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  try {
    const gpt::tensor::GpuFacts facts = gpt::tensor::gpu_facts();
    gpt::tensor::check_usable_or_throw(facts);
    std::cout << "GPU tests on " << facts.gpus.front().name << std::endl;
  } catch (const gpt::tensor::NoUsableGpu& error) {
    std::cout << (gpu_is_required() ? "FAILED: GPU tests were asked for, but "
                                    : "SKIPPED, not run on a GPU: ")
              << error.what() << std::endl;
    return gpu_is_required() ? 1 : kSkipped;
  }
  gpt::ops::set_product_cache_folder(
      "");  // the tests leave nothing in the user's cache, and take nothing from it
  return context.run();
}
