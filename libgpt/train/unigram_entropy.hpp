#pragma once

#include <cstdint>

#include "libgpt/data/sample_source.hpp"

namespace gpt::train {

// What always guessing by token frequency would cost, in nats a token: the mark that a model of the language
// must go below. Counted over samples spread evenly through the source, max_tokens of them or all there are.
// Throws model::ConfigError for a token that the vocabulary does not have.
struct UnigramEntropy {
  double nats = 0;
  std::int64_t tokens = 0;  // counted
};
UnigramEntropy unigram_entropy(const data::SampleSource& source, std::int64_t vocabulary_size,
                               std::int64_t max_tokens);

}  // namespace gpt::train
