#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "libgpt/model/model_config.hpp"
#include "libgpt/model/parameter_layout.hpp"

namespace gpt::model {

// Megatron's start: N(0, init_method_std), for projections into the residual stream init_method_std /
// sqrt(2 layers); norm weights 1, all biases 0. Each number is drawn by (seed, tensor, layer, element).
template <class T>
void initialise_weights(const ModelConfig& config, const ParameterLayout& layout, std::uint64_t seed,
                        std::span<T> weights);
// Those of one tensor, one after the other as they lie in the flat buffer.
std::vector<float> initial_values(const ModelConfig& config, const Parameter& parameter, std::uint64_t seed);

}  // namespace gpt::model
