#include "apps/gpt-dedup/rewrite/decontaminate_ngrams.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace gpt::dedup {
namespace {

constexpr std::uint64_t kBase = 0xD1342543DE82EF95;
constexpr NgramId kEmpty = 0xFFFFFFFF;
constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kFilterBitsASlot = 8;

}  // namespace

NgramHasher::NgramHasher(int most) : powers_(static_cast<std::size_t>(most) + 1, 1), prefixes_(1) {
  for (std::size_t i = 1; i < powers_.size(); ++i) powers_[i] = powers_[i - 1] * kBase;
}

void NgramHasher::take(std::span<const FoldedWord> words) {
  prefixes_.resize(words.size() + 1);
  for (std::size_t i = 0; i < words.size(); ++i) prefixes_[i + 1] = prefixes_[i] * kBase + words[i].hash;
}

std::uint64_t NgramHasher::hash(std::size_t first_word, int words) const {
  const auto count = static_cast<std::size_t>(words);
  std::uint64_t hash = prefixes_[first_word + count] - prefixes_[first_word] * powers_[count];
  hash ^= hash >> 31U;
  return hash * 0x9FB21C651E98DF25;  // spreads them to the upper bits, which the filter goes by
}

TaskNgrams::TaskNgrams(NgramSizes sizes)
    : sizes_(sizes),
      has_length_(static_cast<std::size_t>(sizes.most) + 1),
      slots_(kFirstSlots, kEmpty),
      filter_(kFirstSlots * kFilterBitsASlot / 64),
      filter_shift_(64 - static_cast<unsigned>(std::bit_width(kFirstSlots * kFilterBitsASlot - 1))),
      hasher_(sizes.most) {}

void TaskNgrams::begin_task(std::string name) { tasks_.push_back(std::move(name)); }

void TaskNgrams::add_text(std::string_view text, std::uint64_t line) {
  ++texts_;
  const std::span<const FoldedWord> words = scanner_.words(text);
  if (words.size() < static_cast<std::size_t>(sizes_.least)) {
    ++texts_too_short_;
    return;
  }
  const std::size_t length = std::min(words.size(), static_cast<std::size_t>(sizes_.most));
  has_length_[length] = true;
  hasher_.take(words);
  std::vector<std::size_t> ends;  // of the words, where they are joined
  const std::size_t origin = words_.size();
  for (const FoldedWord& word : words) {
    words_ += joined_words(text, std::span(&word, 1));
    ends.push_back(words_.size());
    words_.push_back(' ');
  }
  for (std::size_t i = 0; i + length <= words.size(); ++i) {
    const std::size_t begin = i == 0 ? origin : ends[i - 1] + 1;
    add({begin, static_cast<std::uint32_t>(ends[i + length - 1] - begin),
         static_cast<std::uint32_t>(tasks_.size() - 1), line, hasher_.hash(i, static_cast<int>(length)),
         hasher_.hash(i, sizes_.least)});
  }
}

std::vector<int> TaskNgrams::lengths() const {
  std::vector<int> lengths;
  if (has_length_.back()) lengths.push_back(sizes_.most);
  for (int length = sizes_.least; length < sizes_.most; ++length)
    if (has_length_[static_cast<std::size_t>(length)]) lengths.push_back(length);
  return lengths;
}

void TaskNgrams::add(const Ngram& ngram) {
  if (find_words(ngram.hash, std::string_view(words_).substr(ngram.begin, ngram.length))) return;
  if (ngrams_.size() >= kEmpty) throw std::length_error("more than 4,294,967,295 n-grams in the tasks");
  ngrams_.push_back(ngram);
  if (2 * ngrams_.size() > slots_.size())
    grow();
  else
    enter(static_cast<NgramId>(ngrams_.size() - 1));
}

void TaskNgrams::enter(NgramId ngram) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = ngrams_[ngram].hash & mask;
  while (slots_[at] != kEmpty) at = (at + 1) & mask;
  slots_[at] = ngram;
  const std::uint64_t bit = ngrams_[ngram].beginning >> filter_shift_;
  filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

// Twice the slots, everything entered anew.
void TaskNgrams::grow() {
  slots_.assign(2 * slots_.size(), kEmpty);
  filter_.assign(2 * filter_.size(), 0);
  --filter_shift_;
  for (std::size_t i = 0; i < ngrams_.size(); ++i) enter(static_cast<NgramId>(i));
}

std::optional<NgramId> TaskNgrams::find_words(std::uint64_t hash, std::string_view joined) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at] != kEmpty; at = (at + 1) & mask)
    if (ngrams_[slots_[at]].hash == hash && words(slots_[at]) == joined) return slots_[at];
  return std::nullopt;
}

std::optional<NgramId> TaskNgrams::find(std::uint64_t hash, std::string_view text,
                                        std::span<const FoldedWord> words) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at] != kEmpty; at = (at + 1) & mask)
    if (ngrams_[slots_[at]].hash == hash) return find_words(hash, joined_words(text, words));
  return std::nullopt;
}

}  // namespace gpt::dedup
