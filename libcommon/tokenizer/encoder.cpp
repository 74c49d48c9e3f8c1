#include "libcommon/tokenizer/encoder.hpp"

#include <array>

#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/gpt2_split.hpp"
#include "libcommon/tokenizer/word_split.hpp"

namespace gpt::tokenizer {

Encoder::Encoder(ByteLevelBpe vocabulary, PrefixSpace prefix_space, SpecialTokens special_tokens)
    : vocabulary_(std::move(vocabulary)),
      prefix_space_(prefix_space == PrefixSpace::add ? PrefixSpace::add : vocabulary_.tables().prefix_space),
      special_tokens_(special_tokens),
      short_words_(static_cast<std::uint32_t>(vocabulary_.vocabulary_size())),
      merger_(vocabulary_.tables()) {}

void Encoder::append_or_throw(std::string_view text, std::vector<TokenId>& ids) {
  encode_to_or_throw(
      text, [&ids](std::span<const TokenId> more) { ids.insert(ids.end(), more.begin(), more.end()); });
}

void Encoder::encode_to_or_throw(std::string_view text, const TokenSink& sink) {
  if (!text::is_valid_utf8(text)) {
    append_valid(text::repair_utf8(text), sink);
  } else {
    append_valid(text, sink);
  }
}

void Encoder::append_valid(std::string_view text, const TokenSink& sink) {
  const AddedTokens& added = vocabulary_.tables().added;
  if (!added.has_any(AddedTokens::In::raw, special_tokens_)) return append_raw(text, sink);
  added.cut(
      text, AddedTokens::In::raw, special_tokens_,
      [&](std::string_view between) { append_raw(between, sink); },
      [&](TokenId id) { sink(std::span(&id, 1)); });
}

// Between the added tokens that are looked for in the text as it came.
void Encoder::append_raw(std::string_view text, const TokenSink& sink) {
  const auto form = vocabulary_.tables().normal_form;
  if (!form || text::is_normalized(text, *form)) return append_normalized(text, sink);
  append_normalized(text::normalize(text, *form), sink);
}

void Encoder::append_normalized(std::string_view text, const TokenSink& sink) {
  const AddedTokens& added = vocabulary_.tables().added;
  if (!added.has_any(AddedTokens::In::normalized, special_tokens_)) return append_plain(text, sink);
  added.cut(
      text, AddedTokens::In::normalized, special_tokens_,
      [&](std::string_view between) { append_plain(between, sink); },
      [&](TokenId id) { sink(std::span(&id, 1)); });
}

void Encoder::append_plain(std::string_view text, const TokenSink& sink) {
  if (prefix_space_ == PrefixSpace::add && !text.empty() && text.front() != ' ') {
    append_pieces(" " + std::string(text), sink);
  } else {
    append_pieces(text, sink);
  }
}

void Encoder::append_pieces(std::string_view text, const TokenSink& sink) {
  switch (vocabulary_.tables().split) {
    case SplitPattern::gpt2:
      return append_pieces_of<Gpt2Splitter>(text, sink);
    case SplitPattern::cl100k:
      return append_pieces_of<WordSplitter<Cl100kRules>>(text, sink);
    case SplitPattern::cl100k_to_end:
      return append_pieces_of<WordSplitter<Cl100kToEndRules>>(text, sink);
    case SplitPattern::qwen2:
      return append_pieces_of<WordSplitter<Qwen2Rules>>(text, sink);
    case SplitPattern::o200k:
      return append_pieces_of<WordSplitter<O200kRules>>(text, sink);
  }
}

// Words are looked up a group at a time: all their places in the table are asked for before the first is
// read.
template <class Splitter>
void Encoder::append_pieces_of(std::string_view text, const TokenSink& sink) {
  constexpr std::size_t kGroup = 32;
  struct Word {
    std::string_view piece;
    ShortWordCache::Key key;
    std::uint64_t hash;
  };
  std::array<Word, kGroup> words;
  constexpr std::size_t kHeld = 1024;  // ids; when there are more, they are handed on
  std::array<TokenId, kHeld + kGroup * ShortWordCache::kRoom> found;
  std::size_t held = 0;
  Splitter splitter(text);
  const ShortWordKeys keys(text);
  while (!splitter.at_end()) {
    std::size_t count = 0;
    for (; count < kGroup && !splitter.at_end(); ++count) {
      Word& word = words[count];
      word.piece = splitter.next();
      if (word.piece.size() > ShortWordCache::kLongestWord) {
        word.key = {};  // nothing has this key
        word.hash = 0;
        continue;
      }
      word.key = keys.key_of(word.piece);
      word.hash = ShortWordCache::hash_of(word.key);
      short_words_.prefetch(word.hash);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t known = short_words_.find(words[i].key, words[i].hash, found.data() + held);
      if (known - 1 < ShortWordCache::kRoom - 1) {
        held += known;
        continue;
      }
      sink(std::span(found).first(held));
      held = 0;
      const bool is_short = words[i].piece.size() <= ShortWordCache::kLongestWord;
      if (is_short && known == 0) {
        append_new_word(words[i].piece, words[i].key, words[i].hash, sink);
      } else {
        append_long_word(words[i].piece, sink);
      }
    }
    if (held <= kHeld) continue;
    sink(std::span(found).first(held));
    held = 0;
  }
  sink(std::span(found).first(held));
}

// A short word that the cache does not have.
void Encoder::append_new_word(std::string_view word, const ShortWordCache::Key& key, std::uint64_t hash,
                              const TokenSink& sink) {
  const auto tokens = merger_.merge_or_throw(word);
  sink(tokens);
  if (short_words_.may_hold(tokens)) return short_words_.insert(key, hash, tokens);
  short_words_.insert_elsewhere(key, hash);
  if (!long_words_.find(word)) long_words_.insert(word, tokens);
}

// A word that is long, or has many tokens.
void Encoder::append_long_word(std::string_view word, const TokenSink& sink) {
  const bool is_kept = word.size() <= WordCache::kLongestWord;
  const auto known = is_kept ? long_words_.find(word) : std::nullopt;
  if (known) return sink(*known);
  const auto tokens = merger_.merge_or_throw(word);
  sink(tokens);
  if (is_kept) long_words_.insert(word, tokens);
}

std::vector<TokenId> Encoder::encode_or_throw(std::string_view text) {
  std::vector<TokenId> ids;
  append_or_throw(text, ids);
  return ids;
}

}  // namespace gpt::tokenizer
