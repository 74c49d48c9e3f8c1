#pragma once

#include <span>
#include <string_view>

namespace gpt::cost {

// A corpus of a blend: its size, its share of what the model sees, and how often that passes over it.
struct WeightedCorpus {
  std::string_view name;
  double tokens = 0;  // billions
  double weight = 0;  // per cent of the training tokens
  double published_epochs = 0;
};

// The blend of fifteen English corpora published with the 530-billion-parameter Megatron-Turing model.
std::span<const WeightedCorpus> published_blend();
inline constexpr double kPublishedBlendTokens = 275;  // billions trained in all, which the epochs imply

// weight (per cent) x tokens trained / tokens of the corpus.
double epochs(const WeightedCorpus& corpus, double trained_tokens);

}  // namespace gpt::cost
