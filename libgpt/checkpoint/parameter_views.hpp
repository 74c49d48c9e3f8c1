#pragma once

#include <span>
#include <vector>

#include "libgpt/checkpoint/tensor_set.hpp"
#include "libgpt/checkpoint/tensor_view.hpp"
#include "libgpt/model/parameter_layout.hpp"

namespace gpt::checkpoint {

// The tensors of a flat buffer (weights, or a moment of the optimizer), ready to be saved.
std::vector<TensorView> parameter_views(const model::ParameterLayout& layout, std::span<const float> buffer);

// Fills a flat buffer with the tensors of a set. Throws io::DataError naming the first that is missing or has
// another shape.
void read_parameters_or_throw(TensorSet& set, const model::ParameterLayout& layout, std::span<float> buffer);

}  // namespace gpt::checkpoint
