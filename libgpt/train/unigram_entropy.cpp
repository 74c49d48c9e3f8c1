#include "libgpt/train/unigram_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "libgpt/model/model_config.hpp"

namespace gpt::train {

UnigramEntropy unigram_entropy(const data::SampleSource& source, std::int64_t vocabulary_size,
                               std::int64_t max_tokens) {
  const std::int64_t length = source.sequence_length();
  const std::int64_t samples = std::clamp<std::int64_t>(max_tokens / length, 1, source.size());
  std::vector<std::int64_t> counts(static_cast<std::size_t>(vocabulary_size));
  std::vector<std::int32_t> sample(static_cast<std::size_t>(length + 1));
  for (std::int64_t i = 0; i < samples; ++i) {
    source.read(i * source.size() / samples, sample);
    for (std::size_t t = 0; t + 1 < sample.size(); ++t) {
      if (sample[t] < 0 || sample[t] >= vocabulary_size) {
        throw model::ConfigError("the training data holds token " + std::to_string(sample[t]) +
                                 " but the vocabulary has " + std::to_string(vocabulary_size) +
                                 " entries: give --vocab-file the one the data was made with");
      }
      ++counts[static_cast<std::size_t>(sample[t])];
    }
  }
  UnigramEntropy result;
  result.tokens = samples * length;
  for (const std::int64_t count : counts) {
    if (count == 0) continue;
    const double p = static_cast<double>(count) / static_cast<double>(result.tokens);
    result.nats -= p * std::log(p);
  }
  return result;
}

}  // namespace gpt::train
