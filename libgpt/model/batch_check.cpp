#include "libgpt/model/batch_check.hpp"

#include <numeric>
#include <string>

#include "libgpt/ops/philox.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::model {

void check_indices_or_throw(std::string_view what, std::span<const std::int32_t> indices,
                            std::int64_t limit) {
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (indices[i] >= 0 && indices[i] < limit) continue;
    throw ConfigError(std::string(what) + " " + std::to_string(indices[i]) + " (number " + std::to_string(i) +
                      " of the micro batch) is not below " + std::to_string(limit) +
                      ", what the model has: train and generate with the vocabulary the data was made with");
  }
}

void check_batch_or_throw(const ModelConfig& config, const MicroBatch& batch) {
  if (batch.length > config.shape.positions || batch.length > ops::kDropoutExtent) {
    throw ConfigError("a sequence of " + std::to_string(batch.length) + " tokens does not fit the model's " +
                      std::to_string(config.shape.positions) + " positions");
  }
  const auto check_optional = [&](std::string_view what, std::size_t size) {
    if (size != 0) ops::check_elements("micro batch", what, size, batch.sequences, batch.length);
  };
  ops::check_elements("micro batch", "tokens", batch.tokens.size(), batch.sequences, batch.length);
  check_optional("targets", batch.targets.size());
  check_optional("loss mask", batch.loss_mask.size());
  check_optional("positions", batch.positions.size());
  check_optional("attend_from", batch.attend_from.size());
  check_indices_or_throw("token", batch.tokens, config.shape.vocabulary);
  check_indices_or_throw("target token", batch.targets, config.shape.vocabulary);
  check_indices_or_throw("position", batch.positions, config.shape.positions);
}

void check_row_shares_or_throw(std::int64_t sequences, std::int64_t length, std::int64_t shares) {
  if (sequences * length % shares == 0) return;
  const std::int64_t step = shares / std::gcd(length, shares);
  throw ConfigError("sequence parallelism: a micro batch of " + std::to_string(sequences) + " sequences of " +
                    std::to_string(length) + " tokens cannot be cut into " + std::to_string(shares) +
                    " equal parts: with this seq-length, micro-batch-size can be " + std::to_string(step) +
                    " or a multiple of it");
}

}  // namespace gpt::model
