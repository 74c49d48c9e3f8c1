#pragma once

#include "libgpt/checkpoint/tensor_set.hpp"
#include "libgpt/model/inference_part.hpp"

namespace gpt::generate {

// Reads what the part holds of the model, and no more. Throws io::IoError, and io::DataError naming the first
// tensor that is missing or has another shape.
void load_weights_or_throw(checkpoint::TensorSet& weights, model::InferencePart& part);

}  // namespace gpt::generate
