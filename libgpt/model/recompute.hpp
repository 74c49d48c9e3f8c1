#pragma once

#include "libgpt/cost/recompute.hpp"
#include "libgpt/model/attention.hpp"

namespace gpt::model {

using cost::LayerGroup;
using cost::RecomputeConfig;

// Throws ConfigError when the number of layers makes no sense; it may be more than a chunk has.
void check_recompute_or_throw(const RecomputeConfig& config);

// Selective: the outputs of the attention core are computed again from Q, K and V. As attention keeps no
// matrix of probabilities here, that saves no more than those outputs, one of some sixteen widths that a
// block keeps a token.
AttentionCore attention_core(const RecomputeConfig& config);

}  // namespace gpt::model
