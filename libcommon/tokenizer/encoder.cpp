#include "libcommon/tokenizer/encoder.hpp"

#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/gpt2_split.hpp"
#include "libcommon/tokenizer/word_split.hpp"

namespace gpt::tokenizer {

Encoder::Encoder(ByteLevelBpe vocabulary, PrefixSpace prefix_space, SpecialTokens special_tokens)
    : vocabulary_(std::move(vocabulary)),
      prefix_space_(prefix_space == PrefixSpace::add ? PrefixSpace::add : vocabulary_.tables().prefix_space),
      special_tokens_(special_tokens),
      merger_(vocabulary_.tables()) {}

void Encoder::append_or_throw(std::string_view text, std::vector<TokenId>& ids) {
  if (!text::is_valid_utf8(text)) {
    append_valid(text::repair_utf8(text), ids);
  } else {
    append_valid(text, ids);
  }
}

void Encoder::append_valid(std::string_view text, std::vector<TokenId>& ids) {
  const AddedTokens& added = vocabulary_.tables().added;
  if (!added.has_any(AddedTokens::In::raw, special_tokens_)) return append_raw(text, ids);
  added.cut(
      text, AddedTokens::In::raw, special_tokens_,
      [&](std::string_view between) { append_raw(between, ids); }, [&](TokenId id) { ids.push_back(id); });
}

// Between the added tokens that are looked for in the text as it came.
void Encoder::append_raw(std::string_view text, std::vector<TokenId>& ids) {
  const auto form = vocabulary_.tables().normal_form;
  if (!form || text::is_normalized(text, *form)) return append_normalized(text, ids);
  append_normalized(text::normalize(text, *form), ids);
}

void Encoder::append_normalized(std::string_view text, std::vector<TokenId>& ids) {
  const AddedTokens& added = vocabulary_.tables().added;
  if (!added.has_any(AddedTokens::In::normalized, special_tokens_)) return append_plain(text, ids);
  added.cut(
      text, AddedTokens::In::normalized, special_tokens_,
      [&](std::string_view between) { append_plain(between, ids); }, [&](TokenId id) { ids.push_back(id); });
}

void Encoder::append_plain(std::string_view text, std::vector<TokenId>& ids) {
  if (prefix_space_ == PrefixSpace::add && !text.empty() && text.front() != ' ') {
    append_pieces(" " + std::string(text), ids);
  } else {
    append_pieces(text, ids);
  }
}

void Encoder::append_pieces(std::string_view text, std::vector<TokenId>& ids) {
  switch (vocabulary_.tables().split) {
    case SplitPattern::gpt2:
      return append_pieces_of<Gpt2Splitter>(text, ids);
    case SplitPattern::cl100k:
      return append_pieces_of<WordSplitter<Cl100kRules>>(text, ids);
    case SplitPattern::cl100k_to_end:
      return append_pieces_of<WordSplitter<Cl100kToEndRules>>(text, ids);
    case SplitPattern::qwen2:
      return append_pieces_of<WordSplitter<Qwen2Rules>>(text, ids);
    case SplitPattern::o200k:
      return append_pieces_of<WordSplitter<O200kRules>>(text, ids);
  }
}

template <class Splitter>
void Encoder::append_pieces_of(std::string_view text, std::vector<TokenId>& ids) {
  Splitter splitter(text);
  while (!splitter.at_end()) {
    const std::string_view piece = splitter.next();
    if (piece.size() > WordCache::kLongestWord) {
      const auto tokens = merger_.merge_or_throw(piece);
      ids.insert(ids.end(), tokens.begin(), tokens.end());
    } else if (const auto known = cache_.find(piece)) {
      if (known->size() == 1) {
        ids.push_back(known->front());
      } else {
        ids.insert(ids.end(), known->begin(), known->end());
      }
    } else {
      const auto tokens = merger_.merge_or_throw(piece);
      cache_.insert(piece, tokens);
      ids.insert(ids.end(), tokens.begin(), tokens.end());
    }
  }
}

std::vector<TokenId> Encoder::encode_or_throw(std::string_view text) {
  std::vector<TokenId> ids;
  append_or_throw(text, ids);
  return ids;
}

}  // namespace gpt::tokenizer
