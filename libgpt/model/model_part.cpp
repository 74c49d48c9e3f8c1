#include "libgpt/model/model_part.hpp"

#include <numeric>
#include <string>

#include "libgpt/model/model_config.hpp"

namespace gpt::model {
namespace {

// The numbers from 1 to 128 for which fits holds: "1, 2, 4".
template <class Fits>
std::string fitting_numbers(const Fits& fits) {
  std::string text;
  for (std::int64_t n = 1; n <= 128; ++n) {
    if (fits(n)) text += (text.empty() ? "" : ", ") + std::to_string(n);
  }
  return text;
}

}  // namespace

ModelPart whole_model(const cost::ModelShape& shape) { return model_part(shape, {}, {}); }

ModelPart model_part(const cost::ModelShape& shape, const cost::Layout& layout,
                     const cost::RankPlace& place) {
  ModelPart part;
  part.tensor_rank = place.tensor;
  part.tensor_size = layout.tensor;
  const std::int64_t chunks = layout.pipeline * layout.virtual_stages;
  const std::int64_t depth = shape.layers / chunks;
  for (std::int64_t c = 0; c < layout.virtual_stages; ++c) {
    const std::int64_t chunk = c * layout.pipeline + place.pipeline;
    part.chunks.push_back({c * depth, depth, chunk == 0, chunk == chunks - 1});
    for (std::int64_t i = 0; i < depth; ++i) part.layers.push_back(chunk * depth + i);
  }
  return part;
}

void check_layout_or_throw(const cost::ModelShape& shape, const cost::Layout& layout) {
  const std::int64_t t = layout.tensor;
  if (shape.heads % t != 0 || shape.mlp_size() % t != 0) {
    throw ConfigError(
        "tensor-model-parallel-size " + std::to_string(t) + " does not divide num-attention-heads " +
        std::to_string(shape.heads) + " and ffn-hidden-size " + std::to_string(shape.mlp_size()) +
        ": possible sizes are " +
        fitting_numbers([&](std::int64_t n) { return shape.heads % n == 0 && shape.mlp_size() % n == 0; }));
  }
  if (shape.vocabulary < t) {
    throw ConfigError("tensor-model-parallel-size " + std::to_string(t) + " is more than the " +
                      std::to_string(shape.vocabulary) +
                      " tokens of the vocabulary, of which each rank holds some");
  }
  const std::int64_t chunks = layout.pipeline * layout.virtual_stages;
  if (shape.layers % chunks == 0) return;
  if (layout.virtual_stages == 1) {
    throw ConfigError("num-layers " + std::to_string(shape.layers) +
                      " is not a multiple of pipeline-model-parallel-size " +
                      std::to_string(layout.pipeline) + ": possible sizes are " +
                      fitting_numbers([&](std::int64_t n) { return shape.layers % n == 0; }));
  }
  throw ConfigError("num-layers " + std::to_string(shape.layers) + " is not a multiple of the " +
                    std::to_string(layout.pipeline) + " pipeline stages times " +
                    std::to_string(layout.virtual_stages) + " model chunks each: with " +
                    std::to_string(layout.pipeline) + " stages, " +
                    std::to_string(std::lcm(shape.layers, chunks)) + " layers would fit");
}

}  // namespace gpt::model
