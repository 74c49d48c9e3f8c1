#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "libgpt/model/micro_batch.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/ops/philox.hpp"

namespace gpt::small_model {

// Sizes that are no multiples of each other where they need not be: four heads of 6, a vocabulary that two
// and four ranks cannot share out evenly.
inline model::ModelConfig config(std::int64_t layers, double dropout) {
  model::ModelConfig config;
  config.shape.layers = layers;
  config.shape.hidden = 24;
  config.shape.heads = 4;
  config.shape.positions = 16;
  config.shape.vocabulary = 37;
  config.attention_dropout = dropout;
  config.hidden_dropout = dropout;
  config.init_method_std = 0.2;
  return config;
}

// Two sequences, with masked tokens, and a second document in the second.
struct Batch {
  std::vector<std::int32_t> tokens, targets, attend_from;
  std::vector<float> mask;
  std::vector<std::uint64_t> samples;
  std::int64_t length;

  Batch(std::int64_t sequence_length, unsigned seed) : length(sequence_length) {
    std::mt19937 random(seed);
    samples = {11 + 2 * std::uint64_t{seed}, 12 + 2 * std::uint64_t{seed}};
    for (std::int64_t i = 0; i < 2 * length; ++i) {
      tokens.push_back(static_cast<std::int32_t>(random() % 37));
      targets.push_back(static_cast<std::int32_t>(random() % 37));
      mask.push_back(i % 5 == 2 ? 0.0f : 1.0f);
      attend_from.push_back(i >= length && i % length >= 6 ? 6 : 0);
    }
  }

  model::MicroBatch view() const {
    model::MicroBatch batch;
    batch.sequences = 2;
    batch.length = length;
    batch.tokens = tokens;
    batch.targets = targets;
    batch.loss_mask = mask;
    batch.attend_from = attend_from;
    batch.sample_indices = samples;
    return batch;
  }
};

// Norms and biases start where their gradients are special: moves every weight a little, by its name and
// place in the whole tensor.
template <class T>
void move_weights(const model::ParameterLayout& layout, std::span<T> weights) {
  for (const auto& parameter : layout.parameters()) {
    const std::uint64_t name = std::hash<std::string>{}(parameter.name);
    for (const model::Run& run : model::runs_of(parameter.part)) {
      for (std::int64_t i = 0; i < run.count; ++i) {
        const auto word = ops::philox(name, static_cast<std::uint64_t>(run.global + i), 0)[0];
        weights[parameter.offset + static_cast<std::size_t>(run.local + i)] +=
            static_cast<T>(0.05 * (word / 2147483648.0 - 1));
      }
    }
  }
}

}  // namespace gpt::small_model
