#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libcommon/tokenizer/bpe_tables.hpp"
#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libcommon/tokenizer/short_word_cache.hpp"
#include "libcommon/tokenizer/token_sink.hpp"
#include "libcommon/tokenizer/word_cache.hpp"
#include "libcommon/tokenizer/word_merger.hpp"

namespace gpt::tokenizer {

// Encodes texts with one vocabulary; one encoder a thread, since it keeps the words it met (WordCache).
//
// Every valid text decodes to itself. Bytes that are no UTF-8 are read as U+FFFD, one for each maximal
// subpart of a broken sequence, so that encoding never fails on them; readers that want to refuse such a text
// do so before. Special tokens inside a text are text, unless they are recognised on purpose. A vocabulary
// from a tokenizer.json is encoded as that file says: its split pattern, normal form (then a text decodes to
// its normal form), and added tokens that are not special.
class Encoder {
 public:
  // prefix_space: add adds a space also where the vocabulary's own file does not ask for it.
  explicit Encoder(ByteLevelBpe vocabulary, PrefixSpace prefix_space = PrefixSpace::keep,
                   SpecialTokens special_tokens = SpecialTokens::are_text);
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  Encoder(Encoder&&) = default;

  // Hands the text's ids on, some at a time, so that those of a long text need not lie together. Throws
  // UnknownByte (word_merger.hpp), when some may have been handed on.
  void encode_to_or_throw(std::string_view text, const TokenSink& sink);
  // Appends them.
  void append_or_throw(std::string_view text, std::vector<TokenId>& ids);
  std::vector<TokenId> encode_or_throw(std::string_view text);

  const ByteLevelBpe& vocabulary() const { return vocabulary_; }

 private:
  void append_valid(std::string_view text, const TokenSink& sink);
  void append_raw(std::string_view text, const TokenSink& sink);
  void append_normalized(std::string_view text, const TokenSink& sink);
  void append_plain(std::string_view text, const TokenSink& sink);
  void append_pieces(std::string_view text, const TokenSink& sink);
  template <class Splitter>
  void append_pieces_of(std::string_view text, const TokenSink& sink);
  void append_new_word(std::string_view word, const ShortWordCache::Key& key, std::uint64_t hash,
                       const TokenSink& sink);
  void append_long_word(std::string_view word, const TokenSink& sink);

  ByteLevelBpe vocabulary_;
  PrefixSpace prefix_space_;
  SpecialTokens special_tokens_;
  ShortWordCache short_words_;
  WordCache long_words_;  // and those of many tokens
  WordMerger merger_;
};

}  // namespace gpt::tokenizer
