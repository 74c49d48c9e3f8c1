#include "libgpt/generate/score.hpp"

#include <algorithm>
#include <cmath>

namespace gpt::generate {

double Score::perplexity() const { return std::exp(mean_loss()); }

Score& Score::operator+=(const Score& other) {
  loss += other.loss;
  tokens += other.tokens;
  return *this;
}

Score score_tokens_or_throw(model::InferenceModel& model, std::span<const std::int32_t> tokens,
                            std::int64_t stride) {
  Score score;
  const std::int64_t positions = model.config().shape.positions;
  const std::int64_t targets = std::ssize(tokens) - 1;
  for (std::int64_t scored = 0; scored < targets;) {
    const std::int64_t end = std::min(targets, scored == 0 ? positions : scored + stride);
    const std::int64_t begin = std::max<std::int64_t>(0, end - positions);
    const auto window =
        tokens.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin) + 1);
    score.loss += model.loss(window, scored - begin);
    score.tokens += end - scored;
    scored = end;
  }
  return score;
}

}  // namespace gpt::generate
