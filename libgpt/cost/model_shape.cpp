#include "libgpt/cost/model_shape.hpp"

namespace gpt::cost {

std::int64_t parameter_count(const ModelShape& shape) {
  const std::int64_t h = shape.hidden;
  const std::int64_t attention_width = shape.heads * shape.head_size();
  const std::int64_t layer_norm = 2 * h;
  const std::int64_t attention = h * 3 * attention_width + 3 * attention_width + attention_width * h + h;
  const std::int64_t mlp = h * shape.mlp_size() + shape.mlp_size() + shape.mlp_size() * h + h;
  const std::int64_t block = 2 * layer_norm + attention + mlp;
  return (shape.vocabulary + shape.positions) * h + shape.layers * block + layer_norm;
}

}  // namespace gpt::cost
