#include "libcommon/tokenizer/word_merger.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "libcommon/tokenizer/byte_symbols.hpp"

namespace gpt::tokenizer {
namespace {

// Below this, scanning a few cache lines beats the heap; nearly every word is far shorter.
constexpr std::size_t kLongestScanned = 96;
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
  if (found == tables_.ids.end() || tables_.added.contains(found->second)) return false;
  ids_.assign(1, found->second);
  return true;
}

void WordMerger::start_or_throw(std::string_view piece) {
  if (piece.size() >= kNone)
    throw std::length_error("a run of 4 GiB without a word boundary cannot be encoded");
  ids_.clear();
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

void WordMerger::merge_by_scanning() {
  merges_.clear();
  for (std::size_t i = 0; i + 1 < ids_.size(); ++i)
    merges_.push_back(tables_.merges.find(ids_[i], ids_[i + 1]));
  while (!merges_.empty()) {
    const auto best = std::min_element(merges_.begin(), merges_.end(),
                                       [](const auto& a, const auto& b) { return a.rank < b.rank; });
    if (best->rank == MergeTable::kNoRank) break;
    const auto at = static_cast<std::size_t>(best - merges_.begin());
    ids_[at] = best->result;
    ids_.erase(ids_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    merges_.erase(best);
    if (at < merges_.size()) merges_[at] = tables_.merges.find(ids_[at], ids_[at + 1]);
    if (at > 0) merges_[at - 1] = tables_.merges.find(ids_[at - 1], ids_[at]);
  }
}

void WordMerger::push_pair(std::uint32_t at) {
  const std::uint32_t next = links_[at].next;
  if (next == kNone) return;
  const std::uint32_t rank = tables_.merges.find(ids_[at], ids_[next]).rank;
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
}

}  // namespace gpt::tokenizer
