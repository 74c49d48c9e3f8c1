#pragma once

#include <stdexcept>

#include "libgpt/cost/model_shape.hpp"

namespace gpt::model {

// A model description that cannot be built: heads that do not divide the width, a size of zero.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A GPT-2: pre-LayerNorm blocks, learned positions, tanh GELU, output tied to the token embedding. Names and
// defaults are Megatron's.
struct ModelConfig {
  cost::ModelShape shape;
  double layernorm_epsilon = 1e-5;
  double attention_dropout = 0.1;
  double hidden_dropout = 0.1;  // of the embeddings and of both outputs of a block
  double init_method_std = 0.02;
};

// Throws ConfigError, naming both sides and what would fit.
void check_config_or_throw(const ModelConfig& config);

}  // namespace gpt::model
