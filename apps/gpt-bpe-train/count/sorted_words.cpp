#include "apps/gpt-bpe-train/count/sorted_words.hpp"

#include <algorithm>
#include <stdexcept>

namespace gpt::bpe_train {

SortedTable::SortedTable(const WordCounts& words) {
  words_.reserve(words.distinct());
  words.for_each([&](std::string_view word, std::uint64_t count) { words_.push_back({word, count}); });
  std::sort(words_.begin(), words_.end(),
            [](const WordCount& a, const WordCount& b) { return a.word < b.word; });
}

std::optional<WordCount> SortedTable::next_or_throw() {
  if (next_ == words_.size()) return std::nullopt;
  return words_[next_++];
}

MergedWords::MergedWords(std::vector<std::unique_ptr<SortedWords>> sources) : sources_(std::move(sources)) {
  for (std::size_t i = 0; i < sources_.size(); ++i) handed_on_.push_back(i);
}

void MergedWords::advance_or_throw(std::size_t source) {
  const auto word = sources_[source]->next_or_throw();
  if (!word) return;
  heads_.push_back({*word, source});
  std::push_heap(heads_.begin(), heads_.end(), goes_later);
}

std::optional<WordCount> MergedWords::next_or_throw() {
  for (const std::size_t source : handed_on_) advance_or_throw(source);
  handed_on_.clear();
  if (heads_.empty()) return std::nullopt;
  WordCount next{heads_.front().word.word, 0};
  while (!heads_.empty() && heads_.front().word.word == next.word) {
    std::pop_heap(heads_.begin(), heads_.end(), goes_later);
    next.count += heads_.back().word.count;
    handed_on_.push_back(heads_.back().source);
    heads_.pop_back();
  }
  total_ += next.count;
  if (next.count > INT64_MAX || total_ > INT64_MAX)
    throw std::overflow_error("the counts of all words together exceed 2^63");
  return next;
}

}  // namespace gpt::bpe_train
