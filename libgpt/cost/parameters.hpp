#pragma once

#include <cstdint>

#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"

namespace gpt::cost {

// P = 12 L h^2 (1 + 13/(12 h) + (V + s)/(12 L h)), s the position embeddings (arXiv 2104.04473, eq. 2). It
// leaves out the final LayerNorm's 2h, and takes the MLP as 4h wide and the heads as h wide together.
double parameter_formula(const ModelShape& shape);

// The vocabulary with the rows added so that every tensor rank holds a multiple of `divisible_by` of them.
std::int64_t padded_vocabulary(std::int64_t vocabulary, std::int64_t tensor, std::int64_t divisible_by = 128);

// What one process of a pipeline stage holds, its tensor slice. shape.vocabulary must already be padded.
struct StageParameters {
  std::int64_t first = 0;  // of the first stage: embeddings and its blocks
  std::int64_t last = 0;   // of the last: its blocks, the final LayerNorm and, when there are several stages,
                           // its own copy of the tied token embedding
  std::int64_t largest() const { return first > last ? first : last; }
};
StageParameters stage_parameters(const ModelShape& shape, const Layout& layout);
// Of stage `stage`, counted from 0.
std::int64_t stage_parameters(const ModelShape& shape, const Layout& layout, std::int64_t stage);

}  // namespace gpt::cost
