#include "libgpt/tensor/gpu_choice.hpp"

#include <doctest/doctest.h>

using namespace gpt::tensor;

namespace {

GpuFacts good_facts() {
  GpuFacts facts;
  facts.driver = 13000;
  facts.toolkit = 13000;
  facts.code = parse_architectures("80,90");
  facts.gpus = {{"GPU-a", "NVIDIA H200", 90, std::size_t{141} << 30}};
  return facts;
}

std::string refusal(const GpuFacts& facts) {
  try {
    check_usable_or_throw(facts);
  } catch (const NoUsableGpu& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("architectures as CMake spells them say which GPUs have code") {
  const auto plain = parse_architectures("80,90");
  CHECK_FALSE(has_code_for(plain, 75));
  CHECK(has_code_for(plain, 80));
  CHECK(has_code_for(plain, 86));
  CHECK(has_code_for(plain, 90));
  CHECK(has_code_for(plain, 100));  // translated when it is loaded
  const auto real = parse_architectures("80-real,90a");
  CHECK(has_code_for(real, 89));
  CHECK(has_code_for(real, 90));
  CHECK_FALSE(has_code_for(real, 100));
  CHECK_FALSE(has_code_for(parse_architectures("90-virtual"), 89));
  CHECK(has_code_for(parse_architectures("90-virtual"), 100));
}

TEST_CASE("a machine without a usable GPU is refused with both sides and what to do") {
  CHECK(refusal(good_facts()).empty());
  CHECK(contains(refusal({}), "built without CUDA"));
  GpuFacts facts = good_facts();
  facts.driver = 0;
  CHECK(contains(refusal(facts), "no NVIDIA driver"));
  CHECK(contains(refusal(facts), "--device cpu"));

  facts.driver = 12040;
  CHECK(contains(refusal(facts), "CUDA up to 12.4"));
  CHECK(contains(refusal(facts), "built with CUDA 13.0"));

  facts = good_facts();
  facts.driver = 13000;
  facts.toolkit = 13010;  // an older driver of the same major version will do
  CHECK(refusal(facts).empty());

  facts = good_facts();
  facts.gpus.clear();
  CHECK(contains(refusal(facts), "shows this process no GPU"));

  facts = good_facts();
  facts.gpus.front().capability = 75;
  facts.gpus.front().name = "Tesla T4";
  CHECK(contains(refusal(facts), "8.0, 9.0, but Tesla T4 is 7.5"));
  CHECK(contains(refusal(facts), "-DCMAKE_CUDA_ARCHITECTURES=75"));

  facts = good_facts();
  facts.complaint = "system not yet initialized";
  CHECK(contains(refusal(facts), "system not yet initialized"));
}

TEST_CASE("each rank of a machine gets a GPU of its own, whatever the scheduler lets it see") {
  const std::vector<std::string> all = {"a", "b", "c"};
  CHECK(share_out_gpus_or_throw({all, all, all}, GpuSharing::refused) == std::vector<int>{0, 1, 2});
  CHECK(share_out_gpus_or_throw({{"c"}, {"a"}, {"b"}}, GpuSharing::refused) == std::vector<int>{0, 0, 0});
  CHECK(share_out_gpus_or_throw({{"a", "b"}, {"b", "a"}}, GpuSharing::refused) == std::vector<int>{0, 0});
  CHECK(share_out_gpus_or_throw({{"a", "b"}, {"a", "b"}, {"a", "b"}, {"a", "b"}}, GpuSharing::allowed) ==
        std::vector<int>{0, 1, 0, 1});
  try {
    share_out_gpus_or_throw({all, all, all, all}, GpuSharing::refused);
    FAIL("four ranks on three GPUs");
  } catch (const NoUsableGpu& error) {
    CHECK(contains(error.what(), "4 ranks"));
    CHECK(contains(error.what(), "3 GPUs"));
    CHECK(contains(error.what(), "--share-gpus"));
  }
  CHECK_THROWS_AS(share_out_gpus_or_throw({all, {}}, GpuSharing::allowed), NoUsableGpu);
}
