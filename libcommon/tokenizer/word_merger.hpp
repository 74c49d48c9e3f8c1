#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "libcommon/tokenizer/bpe_tables.hpp"

namespace gpt::tokenizer {

// A vocabulary made without the full alphabet met a byte it has no token for.
class UnknownByte : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Turns one piece of text into tokens by applying merges, always the one of lowest rank, the leftmost first.
// Short pieces are scanned for each merge; long ones keep their pairs in a heap, so that a piece of a
// megabyte takes n log n steps. Memory: a few words for each byte of the longest piece.
class WordMerger {
 public:
  // tables must stay alive.
  explicit WordMerger(const BpeTables& tables) : tables_(tables) {}

  // The view holds until the next call. Throws UnknownByte.
  std::span<const std::uint32_t> merge_or_throw(std::string_view piece);

 private:
  struct Link {
    std::uint32_t previous;
    std::uint32_t next;
  };

  bool take_whole(std::string_view piece);
  void start_or_throw(std::string_view piece);
  void merge_by_scanning();
  void merge_by_heap();
  void push_pair(std::uint32_t at);

  const BpeTables& tables_;
  std::vector<std::uint32_t> ids_;
  std::vector<Link> links_;          // heap only
  std::vector<std::uint64_t> heap_;  // rank << 32 | position, least first
};

}  // namespace gpt::tokenizer
