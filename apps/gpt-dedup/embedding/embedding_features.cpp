#include "apps/gpt-dedup/embedding/embedding_features.hpp"

#include <cmath>

namespace gpt::dedup {
namespace {

constexpr unsigned kFeatureBits = 20;

// Spreads a feature's number over 64 bits.
std::uint64_t spread(std::uint64_t feature) {
  feature = (feature + 1) * 0x9E3779B97F4A7C15;
  feature ^= feature >> 32U;
  feature *= 0xD6E8FEB86659FD93;
  return feature ^ (feature >> 32U);
}

}  // namespace

FeatureCounter::FeatureCounter(const ShingleOptions& options) : shingler_(options), places_(kFeatures) {}

std::span<const FeatureCount> FeatureCounter::count(std::string_view text) {
  counts_.clear();
  shingler_.start(text);
  for (auto block = shingler_.next_block(); !block.empty(); block = shingler_.next_block())
    for (const std::uint64_t hash : block) {
      const auto feature = static_cast<std::uint32_t>(hash >> (64 - kFeatureBits));
      if (places_[feature] == 0) {
        counts_.push_back({feature, 0});
        places_[feature] = static_cast<std::uint32_t>(counts_.size());
      }
      ++counts_[places_[feature] - 1].times;
    }
  for (const FeatureCount& count : counts_) places_[count.feature] = 0;
  return counts_;
}

void InverseFrequencies::finish() {
  weights_.resize(kFeatures);
  for (std::size_t i = 0; i < kFeatures; ++i)
    weights_[i] =
        static_cast<float>(std::log((1.0 + static_cast<double>(documents_)) / (1.0 + with_feature_[i])) + 1);
  std::vector<std::uint32_t>().swap(with_feature_);
}

void project(std::span<const FeatureCount> features, const InverseFrequencies& weights,
             std::span<float> out) {
  for (const FeatureCount& count : features) {
    // In double, so that what C libraries differ in is lost in the rounding.
    const auto times = static_cast<float>(1 + std::log(static_cast<double>(count.times)));
    const float value = times * weights.weight(count.feature);
    const std::uint64_t hash = spread(count.feature);
    float& number = out[(hash >> 1U) % out.size()];
    number += (hash & 1U) != 0 ? value : -value;
  }
}

}  // namespace gpt::dedup
