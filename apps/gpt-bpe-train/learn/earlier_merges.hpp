#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "libcommon/tokenizer/bpe_tables.hpp"
#include "libcommon/tokenizer/word_merger.hpp"

namespace gpt::bpe_train {

// A merge by ids: left and right become result.
struct MergeOfIds {
  std::uint32_t left;
  std::uint32_t right;
  std::uint32_t result;
};

// Words as the merges of an earlier vocabulary make them, from which training goes on.
class EarlierMerges {
 public:
  // byte_ids: the token of each single byte. merges: the first to apply first, none twice.
  EarlierMerges(const std::array<std::uint32_t, 256>& byte_ids, std::span<const MergeOfIds> merges)
      : tables_(tables_of(byte_ids, merges)), merger_(tables_) {}
  EarlierMerges(const EarlierMerges&) = delete;
  EarlierMerges& operator=(const EarlierMerges&) = delete;

  // The view holds until the next call.
  std::span<const std::uint32_t> ids_of(std::string_view word) { return merger_.merge_or_throw(word); }

 private:
  static tokenizer::BpeTables tables_of(const std::array<std::uint32_t, 256>& byte_ids,
                                        std::span<const MergeOfIds> merges) {
    tokenizer::BpeTables tables;
    tables.byte_tokens = byte_ids;
    tables.merges = tokenizer::MergeTable(merges.size());
    std::uint32_t rank = 0;
    for (const MergeOfIds& merge : merges)
      tables.merges.insert(merge.left, merge.right, {rank++, merge.result});
    return tables;
  }

  tokenizer::BpeTables tables_;
  tokenizer::WordMerger merger_;
};

}  // namespace gpt::bpe_train
