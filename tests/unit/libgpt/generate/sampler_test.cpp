#include "libgpt/generate/sampler.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

namespace gpt::generate {
namespace {

std::vector<float> logits_of(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p)));
  return logits;
}

SamplingOptions options(double temperature, std::int64_t top_k, double top_p) {
  SamplingOptions result;
  result.temperature = temperature;
  result.top_k = top_k;
  result.top_p = top_p;
  return result;
}

constexpr int kDraws = 40000;

std::vector<double> counts(const SamplingOptions& sampling, const std::vector<float>& logits) {
  Sampler sampler(sampling);
  std::vector<double> result(logits.size());
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    ++result[static_cast<std::size_t>(sampler.choose_or_throw(logits, {i % 200, i / 200}))];
  }
  return result;
}

// Pearson's statistic against the wanted probabilities; ids of probability 0 must not occur.
void check_distribution(const SamplingOptions& sampling, const std::vector<float>& logits,
                        const std::vector<double>& wanted) {
  const auto seen = counts(sampling, logits);
  double statistic = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == 0) {
      CHECK(seen[i] == 0);
      continue;
    }
    const double expected = wanted[i] * kDraws;
    statistic += (seen[i] - expected) * (seen[i] - expected) / expected;
  }
  // With up to 5 degrees of freedom, 20.5 is exceeded once in a thousand; the seed is fixed.
  CHECK(statistic < 20.5);
}

const std::vector<double> kProbabilities = {0.1, 0.4, 0.05, 0.25, 0.15, 0.05};
const std::vector<float> kLogits = logits_of(kProbabilities);

TEST_CASE("tokens are drawn with the model's probabilities") {
  check_distribution({}, kLogits, kProbabilities);
}

TEST_CASE("temperature sharpens and flattens") {
  for (const double temperature : {0.5, 2.0}) {
    std::vector<double> wanted;
    double total = 0;
    for (const double p : kProbabilities) total += std::pow(p, 1 / temperature);
    for (const double p : kProbabilities) wanted.push_back(std::pow(p, 1 / temperature) / total);
    check_distribution(options(temperature, 0, 0), kLogits, wanted);
  }
}

TEST_CASE("top-k keeps exactly the k likeliest") {
  check_distribution(options(1, 2, 0), kLogits, {0, 0.4 / 0.65, 0, 0.25 / 0.65, 0, 0});
  check_distribution(options(1, 100, 0), kLogits, kProbabilities);
  // Among the equal last two, the lower id counts as the likelier.
  check_distribution(options(1, 5, 0), kLogits,
                     {0.1 / 0.95, 0.4 / 0.95, 0.05 / 0.95, 0.25 / 0.95, 0.15 / 0.95, 0});
}

TEST_CASE("top-p keeps the fewest that reach p") {
  check_distribution(options(1, 0, 0.6), kLogits, {0, 0.4 / 0.65, 0, 0.25 / 0.65, 0, 0});
  check_distribution(options(1, 0, 0.66), kLogits, {0, 0.4 / 0.8, 0, 0.25 / 0.8, 0.15 / 0.8, 0});
  check_distribution(options(1, 0, 1.0), kLogits, kProbabilities);
  CHECK(counts(options(1, 0, 1e-9), kLogits)[1] == kDraws);
}

TEST_CASE("top-p counts within what temperature and top-k have left") {
  // Of 0.4, 0.25, 0.15 the first two have 0.8125 of the weight.
  check_distribution(options(1, 3, 0.8), kLogits, {0, 0.4 / 0.65, 0, 0.25 / 0.65, 0, 0});
  // At temperature 1/2 weights are squared: 0.16 of 0.26 is 0.615, enough for one.
  CHECK(counts(options(0.5, 0, 0.6), kLogits)[1] == kDraws);
}

TEST_CASE("greedy takes the likeliest, the lowest id on ties") {
  SamplingOptions greedy;
  greedy.greedy = true;
  const std::vector<float> tied = {-1, 3, 3, 2};
  for (const auto& sampling : {greedy, options(0, 0, 0), options(1, 1, 0)}) {
    Sampler sampler(sampling);
    for (std::uint64_t i = 0; i < 50; ++i) CHECK(sampler.choose_or_throw(tied, {0, i}) == 1);
  }
}

TEST_CASE("a choice depends on seed, text and position alone") {
  const std::vector<float> flat(1000, 0.0F);
  Sampler first({});
  Sampler second({});
  const auto chosen = first.choose_or_throw(flat, {3, 9});
  for (std::uint64_t i = 0; i < 10; ++i) second.choose_or_throw(flat, {i, i});
  CHECK(second.choose_or_throw(flat, {3, 9}) == chosen);
  CHECK(first.choose_or_throw(flat, {3, 10}) != chosen);
  CHECK(first.choose_or_throw(flat, {4, 9}) != chosen);
  SamplingOptions other;
  other.seed = 1235;
  CHECK(Sampler(other).choose_or_throw(flat, {3, 9}) != chosen);
}

TEST_CASE("logits at the edge of floats") {
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  Sampler sampler(options(1, 0, 0.9));
  CHECK(sampler.choose_or_throw(std::vector<float>{kNever, -80.0F, kNever}, {}) == 1);
  CHECK(sampler.choose_or_throw(std::vector<float>{3e38F, -3e38F}, {}) == 0);
  CHECK(Sampler(options(1e-30, 0, 0)).choose_or_throw(std::vector<float>{1.0F, 1.001F}, {}) == 1);
  CHECK_THROWS_AS(sampler.choose_or_throw(std::vector<float>{0.0F, std::nanf("")}, {}), std::runtime_error);
  CHECK_THROWS_AS(sampler.choose_or_throw(std::vector<float>{0.0F, -kNever}, {}), std::runtime_error);
  CHECK_THROWS_AS(sampler.choose_or_throw(std::vector<float>{kNever, kNever}, {}), std::runtime_error);
}

}  // namespace
}  // namespace gpt::generate
