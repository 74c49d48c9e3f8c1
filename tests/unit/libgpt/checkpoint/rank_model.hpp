#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/cost/layout.hpp"
#include "tests/unit/libgpt/checkpoint/sample_model.hpp"

namespace gpt::checkpoint {

// The part of a rank's flat buffer that one buffer of a whole model gives.
inline std::vector<float> part_of(const SampleModel& whole, const std::vector<float>& buffer,
                                  const model::ParameterLayout& layout) {
  std::vector<float> values(layout.buffer_size(), 0.0F);
  for (const auto& parameter : layout.parameters()) {
    const auto from = model::tensor_of(std::span(buffer), *whole.layout.find(parameter.name));
    const auto to = model::tensor_of(std::span(values), parameter);
    for (const auto& run : model::runs_of(parameter.part))
      std::copy_n(from.begin() + run.global, run.count, to.begin() + run.local);
  }
  return values;
}

using Stretch = std::pair<std::size_t, std::size_t>;  // begin, end in a flat buffer

// What data-parallel rank r of d owns of a flat buffer that is cut into buckets, and each of these into d
// shards.
inline std::vector<Stretch> shards_of(std::size_t buffer_size, std::size_t bucket, std::size_t r,
                                      std::size_t d) {
  std::vector<Stretch> shards;
  for (std::size_t begin = 0; begin < buffer_size; begin += bucket) {
    const std::size_t count = std::min(bucket, buffer_size - begin);
    const std::size_t shard = (count + d - 1) / d;
    const std::size_t first = std::min(r * shard, count);
    shards.emplace_back(begin + first, begin + std::min(first + shard, count));
  }
  return shards;
}

// What one rank of a layout holds of a sample model.
struct RankModel {
  RankModel(const SampleModel& whole, const cost::ModelShape& shape, const cost::Layout& parallel,
            std::int64_t rank)
      : place(cost::rank_place(parallel, rank)),
        layout(shape, model::model_part(shape, parallel, place)),
        weights(part_of(whole, whole.weights, layout)),
        exp_avg(part_of(whole, whole.exp_avg, layout)),
        exp_avg_sq(part_of(whole, whole.exp_avg_sq, layout)) {
    const auto d = static_cast<std::size_t>(parallel.data);
    const auto r = static_cast<std::size_t>(place.data);
    // Every replica holds all weights: they share out the saving of them.
    weights_given = shards_of(layout.buffer_size(), layout.buffer_size(), r, d);
    if (parallel.optimizer == cost::OptimizerStates::sharded) {
      moments_held =
          shards_of(layout.buffer_size(), std::max<std::size_t>(100, layout.buffer_size() / 50), r, d);
    } else {
      moments_held = {{0, place.data == 0 ? layout.buffer_size() : 0}};
    }
  }

  std::vector<TensorPiece> pieces(const std::vector<float>& buffer,
                                  const std::vector<Stretch>& stretches) const {
    std::vector<TensorPiece> all;
    for (const auto& [begin, end] : stretches) {
      const auto some = parameter_pieces(layout, begin, std::span(buffer).subspan(begin, end - begin));
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }

  // In place of what the whole model gives.
  CheckpointContent content(const SampleModel& whole, std::int64_t iteration) const {
    CheckpointContent content = whole.content(iteration);
    content.weights = pieces(weights, weights_given);
    content.exp_avg = pieces(exp_avg, moments_held);
    content.exp_avg_sq = pieces(exp_avg_sq, moments_held);
    return content;
  }

  cost::RankPlace place;
  model::ParameterLayout layout;
  std::vector<float> weights, exp_avg, exp_avg_sq;
  std::vector<Stretch> weights_given, moments_held;
};

}  // namespace gpt::checkpoint
