#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/text/normalize.hpp"
#include "libcommon/tokenizer/added_tokens.hpp"
#include "libcommon/tokenizer/merge_table.hpp"
#include "libcommon/tokenizer/split_pattern.hpp"
#include "libcommon/tokenizer/token_index.hpp"

namespace gpt::tokenizer {

// Whether a text that does not begin with a space is encoded as if it did. GPT-2's own tokenizer: keep.
enum class PrefixSpace { keep, add };

// Whether a piece that is a token as a whole is that token, whatever merges would make of it (Llama 3).
enum class WholePieces { merged, taken };

// What ByteLevelBpe and its encoders read: built once by load.
struct BpeTables {
  static constexpr std::uint32_t kNoToken = UINT32_MAX;

  std::string vocabulary_path;
  std::vector<std::string> tokens;               // by id, as in vocab.json
  std::vector<std::string> bytes;                // by id
  TokenIndex ids;                                // views into tokens
  std::array<std::uint32_t, 256> byte_tokens{};  // the token of each single byte, or kNoToken
  MergeTable merges;
  std::size_t merge_count = 0;

  // What a tokenizer.json may say besides; the defaults are GPT-2's.
  SplitPattern split = SplitPattern::gpt2;
  PrefixSpace prefix_space = PrefixSpace::keep;
  WholePieces whole_pieces = WholePieces::merged;
  std::size_t longest_token = 0;  // bytes; for WholePieces::taken
  std::optional<text::NormalForm> normal_form;
  AddedTokens added;
  std::optional<std::uint32_t> end_of_document;  // where no token is named <|endoftext|>
};

}  // namespace gpt::tokenizer
