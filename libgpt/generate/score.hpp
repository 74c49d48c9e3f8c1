#pragma once

#include <cstdint>
#include <span>

#include "libgpt/model/inference_model.hpp"

namespace gpt::generate {

// How well a model predicts a text.
struct Score {
  double loss = 0;          // sum of -log p, in nats
  std::int64_t tokens = 0;  // predicted

  double mean_loss() const { return loss / static_cast<double>(tokens); }
  double perplexity() const;
  Score& operator+=(const Score& other);
};

// Predicts every token but the first from those before it. A text longer than the model's positions is read
// in windows that move on by stride tokens; each token is scored once, in the first window that reaches it,
// so all but those of the first window have at least positions - stride tokens before them. stride: 1 ...
// positions. Throws cli::StoppedOnRequest between windows.
Score score_tokens_or_throw(model::InferenceModel& model, std::span<const std::int32_t> tokens,
                            std::int64_t stride);

}  // namespace gpt::generate
