#include "libgpt/generate/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "libgpt/ops/philox.hpp"

namespace gpt::generate {
namespace {

// Uniform in [0, 1), from 53 bits.
double uniform(std::uint64_t key, Sampler::Key which) {
  const auto words = ops::philox(key, which.position, which.text);
  const std::uint64_t bits = (std::uint64_t{words[0]} << 32 | words[1]) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

}  // namespace

std::int32_t likeliest(std::span<const float> logits) {
  return static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

Sampler::Sampler(const SamplingOptions& options)
    : options_(options),
      random_key_(ops::random_stream_key(options.seed, ops::RandomPurpose::sampling, 0, 0)) {
  if (options_.temperature == 0) options_.greedy = true;
}

std::int32_t Sampler::choose_or_throw(std::span<const float> logits, Key key) {
  if (!std::all_of(logits.begin(), logits.end(), [](float logit) { return logit < INFINITY; })) {
    throw std::runtime_error("the model predicts numbers that are not finite: its weights are damaged");
  }
  const std::int32_t best = likeliest(logits);
  const auto largest = static_cast<double>(logits[static_cast<std::size_t>(best)]);
  if (options_.greedy || options_.top_k == 1) return best;
  if (std::isinf(largest)) throw std::runtime_error("the model gives no token a probability");

  candidates_.resize(logits.size());
  for (std::size_t i = 0; i < logits.size(); ++i) {
    candidates_[i] = {(static_cast<double>(logits[i]) - largest) / options_.temperature,
                      static_cast<std::int32_t>(i)};
  }
  if (options_.top_k > 0 && options_.top_k < static_cast<std::int64_t>(candidates_.size())) keep_top_k();
  if (options_.top_p > 0 && options_.top_p < 1) keep_top_p();

  weights_.resize(candidates_.size());
  double total = 0;
  for (std::size_t i = 0; i < candidates_.size(); ++i) weights_[i] = total += std::exp(candidates_[i].logit);
  const double point = uniform(random_key_, key) * total;
  const auto chosen = std::upper_bound(weights_.begin(), weights_.end(), point);
  // Rounding may put the point on the total itself.
  const auto index = std::min<std::ptrdiff_t>(chosen - weights_.begin(), std::ssize(weights_) - 1);
  return candidates_[static_cast<std::size_t>(index)].id;
}

void Sampler::keep_top_k() {
  const auto kept = candidates_.begin() + static_cast<std::ptrdiff_t>(options_.top_k);
  std::nth_element(candidates_.begin(), kept - 1, candidates_.end(),
                   [](const Candidate& a, const Candidate& b) { return b < a; });
  candidates_.erase(kept, candidates_.end());
  std::sort(candidates_.begin(), candidates_.end(),
            [](const Candidate& a, const Candidate& b) { return b < a; });
}

// A heap gives the likeliest one by one, so that only those which are kept are sorted.
void Sampler::keep_top_p() {
  double total = 0;
  for (const auto& candidate : candidates_) total += std::exp(candidate.logit);
  std::make_heap(candidates_.begin(), candidates_.end());
  double reached = 0;
  auto end = candidates_.end();
  while (end != candidates_.begin() && reached < options_.top_p * total) {
    reached += std::exp(candidates_.front().logit);
    std::pop_heap(candidates_.begin(), end);
    --end;
  }
  std::reverse(end, candidates_.end());
  candidates_.erase(candidates_.begin(), end);
}

}  // namespace gpt::generate
