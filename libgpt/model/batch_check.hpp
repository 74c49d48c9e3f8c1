#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "libgpt/model/micro_batch.hpp"
#include "libgpt/model/model_config.hpp"

namespace gpt::model {

// Throws ConfigError when a token is not in [0, limit), naming it and its place.
void check_indices_or_throw(std::string_view what, std::span<const std::int32_t> indices, std::int64_t limit);

// Whether a micro batch fits the model: sizes (ops::ShapeError), length, tokens, targets and positions
// (ConfigError). targets are only checked where there are any.
void check_batch_or_throw(const ModelConfig& config, const MicroBatch& batch);

// Sequence parallelism: whether the rows of a micro batch can be shared out equally among `shares` ranks.
// Throws ConfigError, naming what would fit.
void check_row_shares_or_throw(std::int64_t sequences, std::int64_t length, std::int64_t shares);

}  // namespace gpt::model
