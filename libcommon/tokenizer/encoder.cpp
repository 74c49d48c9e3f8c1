#include "libcommon/tokenizer/encoder.hpp"

#include <array>

#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/gpt2_split.hpp"
#include "libcommon/tokenizer/word_split.hpp"

namespace gpt::tokenizer {
namespace {

constexpr std::size_t kGroup = 32;   // words
constexpr std::size_t kHeld = 1024;  // ids; when there are more, they are handed on

struct WordToFind {
  std::string_view piece;
  ShortWordCache::Key key;  // of a short word; nothing has that of a long one
  std::uint64_t hash = 0;
};

// The next words of a text, as many as there is room for, those that are short asked for.
template <class Splitter>
std::span<const WordToFind> next_words(Splitter& splitter, const ShortWordKeys& keys,
                                       const ShortWordCache& cache, std::span<WordToFind> room) {
  std::size_t count = 0;
  for (; count < room.size() && !splitter.at_end(); ++count) {
    WordToFind& word = room[count];
    word.piece = splitter.next();
    if (word.piece.size() > ShortWordCache::kLongestWord) {
      word.key = {};
      word.hash = 0;
      continue;
    }
    word.key = keys.key_of(word.piece);
    word.hash = ShortWordCache::hash_of(word.key);
    cache.prefetch(word.hash);
  }
  return room.first(count);
}

}  // namespace

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
  std::array<WordToFind, kGroup> room;
  std::array<TokenId, kHeld + kGroup * ShortWordCache::kRoom> found;
  std::size_t held = 0;
  const auto hand_on = [&] {
    sink(std::span(found).first(held));
    held = 0;
  };
  Splitter splitter(text);
  const ShortWordKeys keys(text);
  while (!splitter.at_end()) {
    for (const WordToFind& word : next_words(splitter, keys, short_words_, room)) {
      const std::size_t known = short_words_.find(word.key, word.hash, found.data() + held);
      if (known - 1 < ShortWordCache::kRoom - 1) {
        held += known;
        continue;
      }
      hand_on();
      if (known == 0 && word.piece.size() <= ShortWordCache::kLongestWord) {
        append_new_word(word.piece, word.key, word.hash, sink);
      } else {
        append_long_word(word.piece, sink);
      }
    }
    if (held > kHeld) hand_on();
  }
  hand_on();
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
