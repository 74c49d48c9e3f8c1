#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/model/gpt.hpp"

namespace gpt::golden {

// The folders of the reference models: our own, and the larger one where GPT_TEST_DATA is set.
inline std::vector<std::string> folders() {
  std::vector<std::string> found = {GPT_SOURCE_DIR "/tests/data/golden/tiny_gpt2"};
  if (const char* const data = std::getenv("GPT_TEST_DATA")) {
    found.push_back(std::string(data) + "/golden/tiny_gpt2");
  } else {
    MESSAGE("GPT_TEST_DATA is unset: the larger reference model of transformers is not compared with");
  }
  return found;
}

inline model::ModelConfig config(const std::string& path) {
  model::ModelConfig config = checkpoint::ModelFolder::open_or_throw(path).config().model;
  config.attention_dropout = 0;
  config.hidden_dropout = 0;
  return config;
}

// The reference weights, in either precision.
template <class T>
void load_weights(const std::string& path, model::Gpt<T>& model) {
  auto folder = checkpoint::ModelFolder::open_or_throw(path);
  std::vector<float> values(model.weights().size());
  checkpoint::read_parameters_or_throw(folder.weights(), model.layout(), values);
  std::copy(values.begin(), values.end(), model.weights().begin());
}

// Four sequences of 65 tokens: inputs are the first 64, targets the last.
struct Batch {
  std::vector<std::int32_t> tokens, targets;
  std::vector<std::uint64_t> samples = {0, 1, 2, 3};

  model::MicroBatch view(std::size_t first = 0, std::size_t sequences = 4) const {
    constexpr std::size_t kLength = 64;
    model::MicroBatch batch;
    batch.sequences = static_cast<std::int64_t>(sequences);
    batch.length = kLength;
    batch.tokens = std::span(tokens).subspan(first * kLength, sequences * kLength);
    batch.targets = std::span(targets).subspan(first * kLength, sequences * kLength);
    batch.sample_indices = std::span(samples).subspan(first, sequences);
    return batch;
  }
};

inline Batch batch(const simdjson::dom::element& golden, std::size_t index) {
  Batch result;
  for (const simdjson::dom::array sequence : golden["batches"].at(index).get_array()) {
    const std::vector<std::int64_t> ids = [&] {
      std::vector<std::int64_t> values;
      for (const std::int64_t id : sequence) values.push_back(id);
      return values;
    }();
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
      result.tokens.push_back(static_cast<std::int32_t>(ids[i]));
      result.targets.push_back(static_cast<std::int32_t>(ids[i + 1]));
    }
  }
  return result;
}

}  // namespace gpt::golden
