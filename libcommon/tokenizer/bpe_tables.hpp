#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libcommon/tokenizer/merge_table.hpp"

namespace gpt::tokenizer {

// What ByteLevelBpe and its encoders read: built once by load.
struct BpeTables {
  static constexpr std::uint32_t kNoToken = UINT32_MAX;

  std::string vocabulary_path;
  std::vector<std::string> tokens;                          // by id, as in vocab.json
  std::vector<std::string> bytes;                           // by id
  std::unordered_map<std::string_view, std::uint32_t> ids;  // views into tokens
  std::array<std::uint32_t, 256> byte_tokens{};             // the token of each single byte, or kNoToken
  MergeTable merges;
  std::size_t merge_count = 0;
};

}  // namespace gpt::tokenizer
