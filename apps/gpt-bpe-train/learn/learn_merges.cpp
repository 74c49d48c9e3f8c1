#include "apps/gpt-bpe-train/learn/learn_merges.hpp"

#include <algorithm>
#include <stdexcept>

#include "apps/gpt-bpe-train/learn/merge_queue.hpp"
#include "apps/gpt-bpe-train/learn/pair_counts.hpp"
#include "apps/gpt-bpe-train/learn/word_lists.hpp"
#include "libcommon/cli/stop_signals.hpp"

namespace gpt::bpe_train {

void check_room_or_throw(const TokenIds& vocabulary, std::size_t vocabulary_size, const std::string& what) {
  if (vocabulary.size() <= vocabulary_size) return;
  throw std::invalid_argument("a vocabulary of " + std::to_string(vocabulary_size) +
                              " entries cannot hold the " + std::to_string(vocabulary.size()) + " of " +
                              what + ": give a larger --vocab-size");
}

std::vector<Pair> learn_merges_or_throw(CorpusWords& corpus, TokenIds& vocabulary, const MergeLimits& limits,
                                        const JoinTokens& join,
                                        const std::function<void(std::uint64_t)>& progress) {
  if (vocabulary.size() >= limits.vocabulary_size) return {};
  PairCounts counts;
  WordLists lists;
  MergeQueue queue;
  for (const Candidate& candidate : first_candidates(corpus, counts, lists)) queue.push(candidate);
  PairMerger merger(corpus, counts, lists);
  std::vector<Pair> merges;
  const auto least = static_cast<std::int64_t>(
      std::clamp<std::uint64_t>(limits.min_frequency, 1, static_cast<std::uint64_t>(INT64_MAX)));
  while (vocabulary.size() < limits.vocabulary_size) {
    auto next = queue.pop();
    if (!next) break;
    if (const std::int64_t current = counts[next->pair]; current != next->count) {
      next->count = current;
      if (current > 0) queue.push(*next);
      continue;
    }
    if (next->count < least) break;
    cli::throw_if_stop_requested();
    const std::uint32_t merged =
        vocabulary.id_of(join(vocabulary[left_of(next->pair)], vocabulary[right_of(next->pair)]));
    merges.push_back(next->pair);
    for (const Candidate& candidate : merger.merge(*next, merged)) queue.push(candidate);
    progress(vocabulary.size());
  }
  return merges;
}

}  // namespace gpt::bpe_train
