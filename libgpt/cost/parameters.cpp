#include "libgpt/cost/parameters.hpp"

namespace gpt::cost {
namespace {

// One block's slice on a tensor rank. Column-parallel layers split weight and bias; row-parallel ones split
// the weight alone; LayerNorms are whole everywhere.
std::int64_t block_parameters(const ModelShape& shape, std::int64_t tensor) {
  const std::int64_t h = shape.hidden;
  const std::int64_t attention_width = shape.heads * shape.head_size() / tensor;
  const std::int64_t mlp_width = shape.mlp_size() / tensor;
  const std::int64_t attention = h * 3 * attention_width + 3 * attention_width + attention_width * h + h;
  const std::int64_t mlp = h * mlp_width + mlp_width + mlp_width * h + h;
  return attention + mlp + 4 * h;
}

}  // namespace

double parameter_formula(const ModelShape& shape) {
  const auto layers = static_cast<double>(shape.layers);
  const auto h = static_cast<double>(shape.hidden);
  const auto rows = static_cast<double>(shape.vocabulary + shape.positions);
  return 12 * layers * h * h * (1 + 13 / (12 * h) + rows / (12 * layers * h));
}

std::int64_t padded_vocabulary(std::int64_t vocabulary, std::int64_t tensor, std::int64_t divisible_by) {
  const std::int64_t multiple = tensor * divisible_by;
  return (vocabulary + multiple - 1) / multiple * multiple;
}

std::int64_t stage_parameters(const ModelShape& shape, const Layout& layout, std::int64_t stage) {
  const std::int64_t words = shape.vocabulary / layout.tensor * shape.hidden;
  std::int64_t held = shape.layers / layout.pipeline * block_parameters(shape, layout.tensor);
  const bool first = stage == 0;
  const bool last = stage == layout.pipeline - 1;
  if (first || last) held += words;
  if (first) held += shape.positions * shape.hidden;
  if (last) held += 2 * shape.hidden;  // the final LayerNorm
  return held;
}

StageParameters stage_parameters(const ModelShape& shape, const Layout& layout) {
  return {stage_parameters(shape, layout, 0), stage_parameters(shape, layout, layout.pipeline - 1)};
}

}  // namespace gpt::cost
