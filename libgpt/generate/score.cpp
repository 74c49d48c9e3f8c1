#include "libgpt/generate/score.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "libcommon/cli/stop_signals.hpp"

namespace gpt::generate {

double Score::perplexity() const { return std::exp(mean_loss()); }

Score& Score::operator+=(const Score& other) {
  loss += other.loss;
  tokens += other.tokens;
  return *this;
}

Score score_tokens_or_throw(model::Gpt<float>& model, std::span<const std::int32_t> tokens,
                            std::int64_t stride) {
  Score score;
  const std::int64_t positions = model.config().shape.positions;
  const std::int64_t targets = std::ssize(tokens) - 1;
  std::vector<float> mask;
  for (std::int64_t scored = 0; scored < targets;) {
    cli::throw_if_stop_requested();
    const std::int64_t end = std::min(targets, scored == 0 ? positions : scored + stride);
    const std::int64_t begin = std::max<std::int64_t>(0, end - positions);
    const auto length = static_cast<std::size_t>(end - begin);
    mask.assign(length, 1.0F);
    std::fill_n(mask.begin(), scored - begin, 0.0F);
    model::MicroBatch window;
    window.sequences = 1;
    window.length = end - begin;
    window.tokens = tokens.subspan(static_cast<std::size_t>(begin), length);
    window.targets = tokens.subspan(static_cast<std::size_t>(begin) + 1, length);
    window.loss_mask = mask;
    score.loss += model.forward_loss(window).loss;
    score.tokens += end - scored;
    scored = end;
  }
  return score;
}

}  // namespace gpt::generate
