#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libcommon/tokenizer/tokenizer.hpp"

namespace gpt::bpe_train {

struct TokenUse {
  tokenizer::TokenId id = 0;
  std::string text;  // bytes that are no UTF-8 as \xNN
  std::size_t characters = 0;
  std::uint64_t uses = 0;
};

// How texts use a vocabulary.
struct VocabularyUse {
  std::size_t entries = 0;
  std::size_t unreached = 0;              // entries that no text uses
  std::vector<TokenUse> first_unreached;  // by id
  std::vector<TokenUse> longest;          // of those that are used, most characters first
};

// uses: by id. listed: how many tokens the lists hold at most.
VocabularyUse vocabulary_use(const tokenizer::Tokenizer& tokenizer, std::span<const std::uint64_t> uses,
                             std::size_t listed);

}  // namespace gpt::bpe_train
