#pragma once

#include <cstdint>
#include <vector>

#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"

namespace gpt::model {

// A run of consecutive layers that a rank passes a micro batch through at once: all of a pipeline stage, or,
// with the interleaved schedule, one of its model chunks (virtual stages).
struct ModelChunk {
  std::int64_t first = 0, count = 0;  // among the rank's layers
  bool embedding = false;             // it begins with the embedding
  bool head = false;                  // it ends with ln_f, the output layer and the loss
};

// The part of a model that one rank holds.
struct ModelPart {
  std::int64_t tensor_rank = 0, tensor_size = 1;
  std::vector<std::int64_t> layers;  // their numbers in the whole model, chunk after chunk
  std::vector<ModelChunk> chunks;

  bool has_embedding() const { return chunks.front().embedding; }
  bool has_head() const { return chunks.back().head; }
};

ModelPart whole_model(const cost::ModelShape& shape);

// The part of a rank in a layout: chunk c of stage s (of p, with v chunks each) holds layers
// [(c p + s) L / (p v), (c p + s + 1) L / (p v)), and in each of them 1/t of the heads, of the MLP's width
// and of the vocabulary. The layout must fit (check_layout_or_throw).
ModelPart model_part(const cost::ModelShape& shape, const cost::Layout& layout, const cost::RankPlace& place);

// Throws ConfigError when heads, MLP width or layers do not divide, naming what would.
void check_layout_or_throw(const cost::ModelShape& shape, const cost::Layout& layout);

}  // namespace gpt::model
