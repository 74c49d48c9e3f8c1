#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gpt::data {

// Which dataset each sample of a blend comes from, and which of that dataset's samples it is: every next one
// from the dataset that lags most behind its weight, the first of them on ties. As Megatron's.
struct BlendIndex {
  std::vector<std::int16_t> dataset;
  std::vector<std::int64_t> sample;
  std::vector<std::int64_t> counts;  // samples of each dataset in all
};

// weights: normalised.
BlendIndex build_blend_index(std::span<const double> weights, std::int64_t samples);

// ceil(n · w): a dataset's share of n samples; the length of the blend is the sum of the shares.
std::int64_t blend_share(std::int64_t samples, double weight);
// What a dataset is asked for: its share and half a percent more.
std::int64_t samples_to_ask_for(std::int64_t share);

}  // namespace gpt::data
