#include "apps/gpt-dedup/near/minhash.hpp"

#include <cmath>
#include <random>

#include <doctest/doctest.h>

using namespace gpt::dedup;

namespace {

std::vector<std::uint64_t> random_numbers(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> numbers(count);
  for (auto& number : numbers) number = random();
  return numbers;
}

std::vector<std::uint32_t> signature(MinHasher& hasher, const std::vector<std::uint64_t>& shingles) {
  std::vector<std::uint32_t> out(static_cast<std::size_t>(hasher.seeds()));
  hasher.sign(shingles, out);
  return out;
}

}  // namespace

TEST_CASE("the vectorised signature equals the plain one") {
  for (const int seeds : {1, 15, 16, 17, 64, 100, 128, 200}) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{1000}}) {
      MinHasher hasher(seeds, 42);
      const auto shingles = random_numbers(count, count + 1);
      std::vector<std::uint32_t> plain(static_cast<std::size_t>(seeds));
      hasher.sign_plainly(shingles, plain);
      CAPTURE(seeds);
      CAPTURE(count);
      CHECK(signature(hasher, shingles) == plain);
    }
  }
}

TEST_CASE("repeats and order of shingles do not count") {
  MinHasher hasher(100, 1);
  const auto once = random_numbers(50, 3);
  std::vector<std::uint64_t> twice(once.rbegin(), once.rend());
  twice.insert(twice.end(), once.begin(), once.end());
  CHECK(signature(hasher, once) == signature(hasher, twice));
}

TEST_CASE("the seed chooses the permutations") {
  MinHasher one(100, 1);
  MinHasher same(100, 1);
  MinHasher other(100, 2);
  const auto shingles = random_numbers(50, 3);
  CHECK(signature(one, shingles) == signature(same, shingles));
  CHECK(signature(one, shingles) != signature(other, shingles));
}

TEST_CASE("a share of equal numbers that rules a Jaccard index out") {
  CHECK(least_plausible_similarity(0.8, 10) == 0);
  CHECK(least_plausible_similarity(0.8, 100) == doctest::Approx(0.52).epsilon(0.03));
  CHECK(least_plausible_similarity(0.8, 100000) > 0.79);
  CHECK(least_plausible_similarity(1, 100) == 1);
  CHECK(least_plausible_similarity(0, 100) == 0);
  // The binomial tail below it, summed.
  for (const double t : {0.3, 0.5, 0.8, 0.95}) {
    const double least = least_plausible_similarity(t, 100);
    double tail = 0;
    for (int k = 0; k < 100 && k / 100.0 < least - 1e-9; ++k)
      tail += std::exp(std::lgamma(101.0) - std::lgamma(k + 1.0) - std::lgamma(101.0 - k) + k * std::log(t) +
                       (100 - k) * std::log(1 - t));
    CHECK(tail < 1e-9);
  }
}

TEST_CASE("no shingles give the largest numbers") {
  MinHasher hasher(20, 1);
  for (const std::uint32_t number : signature(hasher, {})) CHECK(number == 0xFFFFFFFF);
}

// 4000 permutations: the estimate's standard deviation is below .008; over 20 pairs of sets its mean must lie
// within a few of .0018 of the truth.
TEST_CASE("the share of equal numbers estimates the Jaccard index without bias") {
  for (const double wanted : {0.1, 0.3, 0.5, 0.8, 0.95}) {
    double error_sum = 0;
    for (std::uint64_t trial = 0; trial < 20; ++trial) {
      MinHasher hasher(4000, 100 + trial);
      const std::size_t total = 400;
      const auto common = static_cast<std::size_t>(std::lround(wanted * total));
      const auto numbers = random_numbers(total, 1000 * trial + common);
      const std::size_t half = (total - common) / 2;
      std::vector<std::uint64_t> a(numbers.begin(),
                                   numbers.begin() + static_cast<std::ptrdiff_t>(common + half));
      std::vector<std::uint64_t> b(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(common));
      b.insert(b.end(), numbers.begin() + static_cast<std::ptrdiff_t>(common + half), numbers.end());
      const double truth = static_cast<double>(common) / static_cast<double>(total);
      const double estimate = signature_similarity(signature(hasher, a), signature(hasher, b));
      CHECK(std::abs(estimate - truth) < 0.04);
      error_sum += estimate - truth;
    }
    CAPTURE(wanted);
    CHECK(std::abs(error_sum / 20) < 0.008);
  }
}
