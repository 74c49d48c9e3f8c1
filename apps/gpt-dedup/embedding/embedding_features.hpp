#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/near/shingles.hpp"

namespace gpt::dedup {

// Shingles fall into so many classes by their hashes; a class is a feature of a text.
inline constexpr std::size_t kFeatures = std::size_t{1} << 20U;

struct FeatureCount {
  std::uint32_t feature = 0;
  std::uint32_t times = 0;
};

// Counts the features of texts. One a thread; memory: 4 MiB.
class FeatureCounter {
 public:
  explicit FeatureCounter(const ShingleOptions& options);
  // In the order in which they first come; valid until the next call.
  std::span<const FeatureCount> count(std::string_view text);

 private:
  Shingler shingler_;
  std::vector<std::uint32_t> places_;  // in counts_, from 1, by feature; 0 for those that are not there
  std::vector<FeatureCount> counts_;
};

// What a feature weighs: the more, the fewer documents have it, ln((1 + documents) / (1 + those with it))
// + 1.
class InverseFrequencies {
 public:
  InverseFrequencies() : with_feature_(kFeatures) {}
  void add_document() { ++documents_; }
  void add_feature(std::uint32_t feature) { ++with_feature_[feature]; }
  // Afterwards weight() may be called.
  void finish();
  float weight(std::uint32_t feature) const { return weights_[feature]; }

 private:
  std::uint64_t documents_ = 0;
  std::vector<std::uint32_t> with_feature_;
  std::vector<float> weights_;
};

// Adds up the features, each (1 + ln(times)) times its weight, in out: a feature's hash chooses the number it
// is added to and whether it is added or taken off, so that products of vectors are without bias (Weinberger
// et al. 2009). out: filled with 0.
void project(std::span<const FeatureCount> features, const InverseFrequencies& weights, std::span<float> out);

}  // namespace gpt::dedup
