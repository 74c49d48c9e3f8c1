#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libcommon/tokenizer/word_cache.hpp"
#include "libcommon/tokenizer/word_merger.hpp"

namespace gpt::tokenizer {

// Whether a text that does not begin with a space is encoded as if it did. GPT-2's own tokenizer: keep.
enum class PrefixSpace { keep, add };

// Encodes texts with one vocabulary; one encoder a thread, since it keeps the words it met (WordCache).
//
// Every valid text decodes to itself. Bytes that are no UTF-8 are read as U+FFFD, one for each maximal
// subpart of a broken sequence, so that encoding never fails on them; readers that want to refuse such a text
// do so before. Special tokens inside a text are text.
class Encoder {
 public:
  explicit Encoder(ByteLevelBpe vocabulary, PrefixSpace prefix_space = PrefixSpace::keep);
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  Encoder(Encoder&&) = default;

  // Appends the text's ids. Throws UnknownByte (word_merger.hpp).
  void append_or_throw(std::string_view text, std::vector<TokenId>& ids);
  std::vector<TokenId> encode_or_throw(std::string_view text);

  const ByteLevelBpe& vocabulary() const { return vocabulary_; }

 private:
  void append_valid(std::string_view text, std::vector<TokenId>& ids);

  ByteLevelBpe vocabulary_;
  PrefixSpace prefix_space_;
  WordCache cache_;
  WordMerger merger_;
};

}  // namespace gpt::tokenizer
