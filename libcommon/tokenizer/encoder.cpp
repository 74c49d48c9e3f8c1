#include "libcommon/tokenizer/encoder.hpp"

#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/gpt2_split.hpp"

namespace gpt::tokenizer {

Encoder::Encoder(ByteLevelBpe vocabulary, PrefixSpace prefix_space)
    : vocabulary_(std::move(vocabulary)), prefix_space_(prefix_space), merger_(vocabulary_.tables()) {}

void Encoder::append_or_throw(std::string_view text, std::vector<TokenId>& ids) {
  if (!text::is_valid_utf8(text)) {
    append_or_throw(text::repair_utf8(text), ids);
  } else if (prefix_space_ == PrefixSpace::add && !text.empty() && text.front() != ' ') {
    append_valid(" " + std::string(text), ids);
  } else {
    append_valid(text, ids);
  }
}

void Encoder::append_valid(std::string_view text, std::vector<TokenId>& ids) {
  Gpt2Splitter splitter(text);
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
