#include "apps/gpt-bpe-train/count/counted_words.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <system_error>

#include "apps/gpt-bpe-train/count/word_count_file.hpp"
#include "libcommon/io/errors.hpp"

namespace gpt::bpe_train {
namespace fs = std::filesystem;

namespace {

// Open files at a time stay far below the usual limit of 1024.
constexpr std::size_t kMostFiles = 256;

std::unique_ptr<SortedWords> merged_or_throw(std::span<const std::string> files) {
  std::vector<std::unique_ptr<SortedWords>> sources;
  for (const std::string& file : files) sources.push_back(std::make_unique<WordCountReader>(file));
  return std::make_unique<MergedWords>(std::move(sources));
}

// Bytes of training by how often a word is seen; words of the last entry or more are never left out.
class FrequencyTable {
 public:
  FrequencyTable() : bytes_(kNeverDropped + 1) {}

  void add(const WordCount& word) {
    bytes_[std::min(word.count, kNeverDropped)] += training_bytes(word.word.size());
  }

  // The lowest count from which on all words fit.
  std::uint64_t lowest_kept_or_throw(std::uint64_t memory) const {
    std::uint64_t sum = 0;
    for (std::uint64_t count = kNeverDropped; count > 0; --count) {
      sum += bytes_[count];
      if (sum <= memory) continue;
      if (count < kNeverDropped) return count + 1;
      throw std::runtime_error("--memory: the words seen " + std::to_string(kNeverDropped) +
                               " times or more need " + std::to_string(sum) + " bytes, but only " +
                               std::to_string(memory) + " are allowed: give more");
    }
    return 1;
  }

 private:
  static constexpr std::uint64_t kNeverDropped = std::uint64_t{1} << 16;
  std::vector<std::uint64_t> bytes_;
};

// Calls visit(WordCount) for every word once, in any order.
template <class Visit>
void for_each_word_or_throw(const CountedWords& counted, Visit visit) {
  if (counted.is_table_only()) {
    counted.table.for_each([&](std::string_view word, std::uint64_t count) {
      visit(WordCount{word, count});
    });
    return;
  }
  const auto words = counted.sorted_or_throw();
  while (const auto word = words->next_or_throw()) visit(*word);
}

}  // namespace

SpillFolder::~SpillFolder() {
  std::error_code error;
  if (next_number_ != 0) fs::remove_all(path_, error);
}

void SpillFolder::add_or_throw(SortedWords& words) {
  std::string path;
  {
    const std::lock_guard lock(mutex_);
    std::error_code error;
    if (next_number_ == 0) fs::create_directories(path_, error);
    if (error) throw io::IoError(path_, "cannot make the folder", error.value());
    path = path_ + "/" + std::to_string(next_number_++);
  }
  WordCountWriter writer(path, io::Existing::replace, {});
  writer.add_all_or_throw(words);
  writer.commit_or_throw();
  const std::lock_guard lock(mutex_);
  runs_.push_back(path);
}

void SpillFolder::reduce_or_throw(std::size_t most) {
  while (runs_.size() > most) {
    const auto count = std::min(most, runs_.size() - most + 1);
    const std::vector<std::string> merged(runs_.begin(), runs_.begin() + static_cast<std::ptrdiff_t>(count));
    add_or_throw(*merged_or_throw(merged));
    runs_.erase(runs_.begin(), runs_.begin() + static_cast<std::ptrdiff_t>(count));
    std::error_code error;
    for (const std::string& run : merged) fs::remove(run, error);
  }
}

void CountedWords::reduce_or_throw() {
  while (files.size() > kMostFiles) {
    spill->add_or_throw(*merged_or_throw(std::span(files).first(kMostFiles)));
    files.erase(files.begin(), files.begin() + kMostFiles);
  }
  spill->reduce_or_throw(kMostFiles);
}

std::unique_ptr<SortedWords> CountedWords::sorted_or_throw() const {
  std::vector<std::unique_ptr<SortedWords>> sources;
  if (table.distinct() != 0) sources.push_back(std::make_unique<SortedTable>(table));
  sources.push_back(merged_or_throw(files));
  sources.push_back(merged_or_throw(spill->runs()));
  return std::make_unique<MergedWords>(std::move(sources));
}

TrainingWords take_words_or_throw(CountedWords counted, std::uint64_t memory) {
  counted.reduce_or_throw();
  std::uint64_t lowest = 1;
  if (memory != 0) {
    FrequencyTable frequencies;
    for_each_word_or_throw(counted, [&](const WordCount& word) { frequencies.add(word); });
    lowest = frequencies.lowest_kept_or_throw(memory);
  }
  TrainingWords result;
  if (lowest == 1 && counted.is_table_only()) {
    result.words = std::move(counted.table);
    return result;
  }
  for_each_word_or_throw(counted, [&](const WordCount& word) {
    if (word.count >= lowest) {
      result.words.add(word.word, word.count);
    } else {
      ++result.dropped.words;
      result.dropped.occurrences += word.count;
    }
  });
  if (lowest > 1) result.dropped.below = lowest;
  return result;
}

}  // namespace gpt::bpe_train
