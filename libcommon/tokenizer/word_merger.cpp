#include "libcommon/tokenizer/word_merger.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include "libcommon/tokenizer/byte_symbols.hpp"

namespace gpt::tokenizer {
namespace {

// Below this, scanning a few cache lines beats the heap; nearly every word is far shorter.
constexpr std::size_t kLongestScanned = 96;
// What longer pieces took is given back: they are rare.
constexpr std::uint32_t kLongestKept = std::uint32_t{1} << 16;
constexpr std::uint32_t kNone = UINT32_MAX;

std::string hexadecimal(unsigned char byte) {
  constexpr char digits[] = "0123456789ABCDEF";
  return {'0', 'x', digits[byte >> 4], digits[byte & 15]};
}

}  // namespace

std::span<const std::uint32_t> WordMerger::merge_or_throw(std::string_view piece) {
  if (tables_.whole_pieces == WholePieces::taken && take_whole(piece)) return ids_;
  start_or_throw(piece);
  if (ids_.size() <= kLongestScanned) {
    merge_by_scanning();
  } else {
    merge_by_heap();
  }
  return ids_;
}

bool WordMerger::take_whole(std::string_view piece) {
  if (piece.size() > tables_.longest_token) return false;
  const auto found = tables_.ids.find(to_symbols(piece));
  if (!found || tables_.added.contains(*found)) return false;
  ids_.assign(1, *found);
  return true;
}

void WordMerger::start_or_throw(std::string_view piece) {
  if (piece.size() >= kNone)
    throw std::length_error("a run of 4 GiB without a word boundary cannot be encoded");
  ids_.clear();
  ids_.reserve(piece.size());
  for (const char c : piece) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint32_t id = tables_.byte_tokens[byte];
    if (id == BpeTables::kNoToken) {
      throw UnknownByte("byte " + hexadecimal(byte) + " has no token in " + tables_.vocabulary_path +
                        ": train the vocabulary with --initial-alphabet all");
    }
    ids_.push_back(id);
  }
}

// The pairs' ranks stay where they are while tokens become one; those of tokens that are gone are kNoRank.
void WordMerger::merge_by_scanning() {
  constexpr std::uint32_t kNoRank = MergeTable::kNoRank;
  const std::size_t size = ids_.size();
  std::array<std::uint32_t, kLongestScanned> ranks;  // of ids_[i] with the one behind it
  std::array<std::uint8_t, kLongestScanned> previous;
  std::array<std::uint8_t, kLongestScanned> next;
  for (std::size_t i = 0; i < size; ++i) {
    ranks[i] = i + 1 < size ? tables_.merges.rank_of(ids_[i], ids_[i + 1]) : kNoRank;
    previous[i] = static_cast<std::uint8_t>(i - 1);
    next[i] = static_cast<std::uint8_t>(i + 1);
  }
  while (true) {
    std::uint64_t best = std::uint64_t{kNoRank} << 8;
    for (std::size_t i = 0; i < size; ++i) best = std::min(best, std::uint64_t{ranks[i]} << 8 | i);
    const auto rank = static_cast<std::uint32_t>(best >> 8);
    if (rank == kNoRank) break;
    const std::size_t at = best & 0xFF;
    const std::size_t gone = next[at];
    const std::size_t behind = next[gone];
    ids_[at] = tables_.merges.result_of(rank);
    ids_[gone] = BpeTables::kNoToken;
    ranks[gone] = kNoRank;
    next[at] = static_cast<std::uint8_t>(behind);
    ranks[at] = kNoRank;
    if (behind < size) {
      previous[behind] = static_cast<std::uint8_t>(at);
      ranks[at] = tables_.merges.rank_of(ids_[at], ids_[behind]);
    }
    if (at > 0) ranks[previous[at]] = tables_.merges.rank_of(ids_[previous[at]], ids_[at]);
  }
  std::erase(ids_, BpeTables::kNoToken);
}

void WordMerger::push_pair(std::uint32_t at) {
  const std::uint32_t next = links_[at].next;
  if (next == kNone) return;
  const std::uint32_t rank = tables_.merges.rank_of(ids_[at], ids_[next]);
  if (rank == MergeTable::kNoRank) return;
  heap_.push_back(static_cast<std::uint64_t>(rank) << 32 | at);
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
}

void WordMerger::merge_by_heap() {
  const auto size = static_cast<std::uint32_t>(ids_.size());
  links_.resize(size);
  for (std::uint32_t i = 0; i < size; ++i)
    links_[i] = {i == 0 ? kNone : i - 1, i + 1 == size ? kNone : i + 1};
  heap_.clear();
  heap_.reserve(size);
  for (std::uint32_t i = 0; i < size; ++i) push_pair(i);

  constexpr std::uint32_t kRemoved = BpeTables::kNoToken;
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
    const auto rank = static_cast<std::uint32_t>(heap_.back() >> 32);
    const auto at = static_cast<std::uint32_t>(heap_.back());
    heap_.pop_back();
    const std::uint32_t next = links_[at].next;
    if (ids_[at] == kRemoved || next == kNone) continue;
    const MergeTable::Merge merge = tables_.merges.find(ids_[at], ids_[next]);
    if (merge.rank != rank) continue;  // the pair that was pushed is gone
    ids_[at] = merge.result;
    ids_[next] = kRemoved;
    links_[at].next = links_[next].next;
    if (links_[at].next != kNone) links_[links_[at].next].previous = at;
    push_pair(at);
    if (links_[at].previous != kNone) push_pair(links_[at].previous);
  }
  std::erase(ids_, kRemoved);
  if (size > kLongestKept) {
    links_ = {};
    heap_ = {};
  }
}

}  // namespace gpt::tokenizer
