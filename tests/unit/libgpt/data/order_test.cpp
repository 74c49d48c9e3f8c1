#include <numeric>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/data/blend.hpp"
#include "libgpt/data/errors.hpp"
#include "libgpt/data/numpy_random.hpp"
#include "libgpt/data/sample_indices.hpp"
#include "libgpt/data/weights.hpp"
#include "tests/unit/libgpt/data/sha256.hpp"

namespace gpt::data {
namespace {

using Ints = std::vector<std::int32_t>;

TEST_CASE("the digest is SHA-256") {
  const std::string abc = "abc";
  CHECK(sha256_hex(std::as_bytes(std::span(abc))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string long_text(1000, 'a');
  CHECK(sha256_hex(std::as_bytes(std::span(long_text))) ==
        "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}

// From numpy 2.4.6: RandomState(seed), shuffle(arange(n)) twice.
TEST_CASE("shuffles are NumPy's") {
  struct Case {
    std::uint32_t seed;
    Ints first;
    Ints second;
  };
  const std::vector<Case> cases = {
      {0, {2, 8, 4, 9, 1, 6, 7, 3, 0, 5}, {9, 6, 8, 4, 5, 0, 2, 7, 3, 1}},
      {1234,
       {13, 11, 0, 12, 14, 2, 10, 7, 1, 9, 8, 4, 5, 6, 3, 15},
       {7, 14, 11, 6, 12, 9, 0, 5, 3, 4, 2, 13, 1, 15, 10, 8}},
      {4294967295u, {5, 1, 8, 7, 0, 6, 4, 2, 3}, {3, 1, 6, 0, 4, 8, 7, 2, 5}},
  };
  for (const auto& [seed, first, second] : cases) {
    NumpyRandom random(seed);
    Ints values(first.size());
    std::iota(values.begin(), values.end(), 0);
    random.shuffle(std::span(values));
    CHECK(values == first);
    random.shuffle(std::span(values));
    CHECK(values == second);
  }
  NumpyRandom random(5);
  std::vector<std::uint32_t> many(100000);
  std::iota(many.begin(), many.end(), 0u);
  random.shuffle(std::span(many));
  CHECK(sha256_hex(std::as_bytes(std::span(many))) ==
        "9483d9a507f5b31d7ddf4745d00d193d7b3d4761fddfdfbd95c98b4a88627e37");
}

TEST_CASE("weights are divided by a sum in NumPy's order") {
  std::vector<double> weights(300);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 1.0 / static_cast<double>(i + 3);
  CHECK(normalised(weights)[0] == weights[0] / 4.789297397713862);
  weights.resize(11);
  CHECK(normalised(weights)[10] == weights[10] / 1.6801337551337547);
}

TEST_CASE("the fewest epochs that give enough samples") {
  for (std::int64_t tokens = 1; tokens < 60; ++tokens) {
    for (const std::int64_t length : {1, 4, 7}) {
      for (std::int64_t wanted = 1; wanted < 25; ++wanted) {
        const auto plan = plan_epochs(tokens, length, wanted);
        REQUIRE((plan.epochs * tokens - 1) / length >= wanted);
        REQUIRE((plan.epochs == 1 || ((plan.epochs - 1) * tokens - 1) / length < wanted));
        REQUIRE(plan.samples == (plan.epochs * tokens - 1) / length);
      }
    }
  }
}

TEST_CASE("the last epoch is shuffled alone only when less than four fifths of it are wanted") {
  // 101 tokens, 10 samples an epoch; two epochs give 20 samples.
  CHECK_FALSE(plan_epochs(101, 10, 10).separate_last_epoch);
  CHECK(plan_epochs(101, 10, 11).separate_last_epoch);
  CHECK(plan_epochs(101, 10, 17).separate_last_epoch);
  CHECK_FALSE(plan_epochs(101, 10, 18).separate_last_epoch);
  CHECK(plan_epochs(101, 10, 11).samples_before_last_epoch == 10);
}

TEST_CASE("samples cover the shuffled documents without a gap and overlap by one token") {
  const Ints lengths = {7, 0, 3, 50, 1, 1, 12, 9, 0, 4};
  for (const std::int64_t length : {1, 3, 8, 40}) {
    for (const std::int64_t wanted : {1, 5, 60}) {
      CAPTURE(length);
      CAPTURE(wanted);
      const auto indices = build_sample_indices_or_throw(lengths, {{1, 9}, length, wanted, 3});
      REQUIRE(indices.plan.samples >= wanted);
      REQUIRE(indices.documents.size() == 8 * static_cast<std::size_t>(indices.plan.epochs));
      std::vector<std::int64_t> start_of_document = {0};
      for (const auto document : indices.documents) {
        REQUIRE(document >= 1);
        REQUIRE(document < 9);
        start_of_document.push_back(start_of_document.back() + lengths[static_cast<std::size_t>(document)]);
      }
      for (std::size_t i = 0; i <= static_cast<std::size_t>(indices.plan.samples); ++i) {
        const auto position = static_cast<std::size_t>(indices.samples[2 * i]);
        REQUIRE(start_of_document[position] + indices.samples[2 * i + 1] ==
                static_cast<std::int64_t>(i) * length);
      }
      REQUIRE(std::set(indices.shuffle.begin(), indices.shuffle.end()).size() == indices.shuffle.size());
    }
  }
}

TEST_CASE("what the indices cannot count is refused") {
  CHECK_THROWS_AS(build_sample_indices_or_throw(Ints{1}, {{0, 1}, 1, 3'000'000'000, 1}), SampleError);
  CHECK_THROWS_AS(build_sample_indices_or_throw(Ints{0, 0}, {{0, 2}, 1, 1, 1}), SampleError);
}

TEST_CASE("a blend follows its weights at every point and settles ties by order") {
  const std::vector<double> weights = normalised(std::vector<double>{5, 3, 1, 1});
  const auto index = build_blend_index(weights, 1000);
  std::vector<std::int64_t> counts(4);
  for (std::size_t t = 0; t < 1000; ++t) {
    const auto from = static_cast<std::size_t>(index.dataset[t]);
    REQUIRE(index.sample[t] == counts[from]++);
    for (std::size_t i = 0; i < 4; ++i) {
      REQUIRE(std::abs(static_cast<double>(counts[i]) - weights[i] * static_cast<double>(t + 1)) < 2.0);
    }
  }
  CHECK(index.counts == counts);
  CHECK(build_blend_index(std::vector<double>{0.5, 0.5}, 3).dataset == std::vector<std::int16_t>{0, 1, 0});
}

}  // namespace
}  // namespace gpt::data
