#include "libgpt/model/model_config.hpp"

#include <string>

#include "libgpt/cost/fitting_sizes.hpp"

namespace gpt::model {
namespace {

// Far above any model; below it no product of sizes leaves 64 bits, and no list of layers fills the memory.
constexpr std::int64_t kMostLayers = std::int64_t{1} << 16;
constexpr std::int64_t kWidest = std::int64_t{1} << 20;
constexpr std::int64_t kLongest = std::int64_t{1} << 27;

void check_size(const char* name, std::int64_t value, std::int64_t largest = kWidest) {
  if (value > 0 && value <= largest) return;
  throw ConfigError(std::string(name) + " is " + std::to_string(value) + " but must lie between 1 and " +
                    std::to_string(largest));
}

void check_dropout(const char* name, double value) {
  if (value >= 0 && value < 1) return;
  throw ConfigError(std::string(name) + " is " + std::to_string(value) + " but must lie in [0, 1)");
}

}  // namespace

void check_config_or_throw(const ModelConfig& config) {
  const cost::ModelShape& shape = config.shape;
  check_size("num-layers", shape.layers, kMostLayers);
  check_size("hidden-size", shape.hidden);
  check_size("num-attention-heads", shape.heads);
  check_size("max-position-embeddings", shape.positions, kLongest);
  check_size("the vocabulary size", shape.vocabulary, kLongest);
  check_size("ffn-hidden-size", shape.mlp_size(), 4 * kWidest);
  if (shape.kv_channels == 0 && shape.hidden % shape.heads != 0) {
    throw ConfigError("hidden-size " + std::to_string(shape.hidden) +
                      " is not a multiple of num-attention-heads " + std::to_string(shape.heads) +
                      ": these numbers of heads divide it: " + cost::divisors_text(shape.hidden));
  }
  check_size("kv-channels", shape.head_size());
  if (shape.heads * shape.head_size() != shape.hidden) {
    throw ConfigError("num-attention-heads " + std::to_string(shape.heads) + " times kv-channels " +
                      std::to_string(shape.kv_channels) + " is not hidden-size " +
                      std::to_string(shape.hidden) +
                      ", as GPT-2's format asks: leave kv-channels to its default");
  }
  check_dropout("attention-dropout", config.attention_dropout);
  check_dropout("hidden-dropout", config.hidden_dropout);
}

}  // namespace gpt::model
