#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/count/counts_summary.hpp"
#include "apps/gpt-bpe-train/count/sorted_words.hpp"
#include "apps/gpt-bpe-train/count/word_counts.hpp"

namespace gpt::bpe_train {

// A folder of sorted runs that did not fit into memory, removed with the object.
class SpillFolder {
 public:
  // path: made with the first run.
  explicit SpillFolder(std::string path) : path_(std::move(path)) {}
  ~SpillFolder();
  SpillFolder(const SpillFolder&) = delete;
  SpillFolder& operator=(const SpillFolder&) = delete;

  // Writes a run. Any number of threads. Throws io::IoError.
  void add_or_throw(SortedWords& words);
  // Call once the last run is there: merges runs until there are at most so many. Throws io::IoError.
  void reduce_or_throw(std::size_t most);

  const std::vector<std::string>& runs() const { return runs_; }

 private:
  std::string path_;
  std::mutex mutex_;
  std::vector<std::string> runs_;
  std::size_t next_number_ = 0;
};

// The words of a corpus, where they lie: a table, sorted files, or both. A word may lie in several.
struct CountedWords {
  // spill_folder: where what does not fit into memory may go.
  explicit CountedWords(const std::string& spill_folder)
      : spill(std::make_unique<SpillFolder>(spill_folder)) {}

  WordCounts table;
  std::vector<std::string> files;  // of counts that were made before
  std::unique_ptr<SpillFolder> spill;

  bool is_table_only() const { return files.empty() && spill->runs().empty(); }
  // Merges files until few enough are left to be open at a time. Throws io::IoError, io::DataError.
  void reduce_or_throw();
  // All of them in order; while it is read they must stay as they are. Throws as above.
  std::unique_ptr<SortedWords> sorted_or_throw() const;
};

struct TrainingWords {
  WordCounts words;
  DroppedWords dropped;
};

// The bytes that counting and training need for a word at their peak.
constexpr std::uint64_t training_bytes(std::size_t word_bytes) {
  return 120 + 12 * std::uint64_t{word_bytes};
}

// Brings all words into one table. If memory (bytes) does not suffice to train on it, the rarest words are
// left out: those seen fewer times than the lowest number from which on the others fit. 0: no bound. Throws
// std::runtime_error when not even words seen 65536 times fit; io::IoError, io::DataError.
TrainingWords take_words_or_throw(CountedWords counted, std::uint64_t memory);

}  // namespace gpt::bpe_train
