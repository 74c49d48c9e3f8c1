#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/count/count_words.hpp"

namespace gpt::bpe_train {

// Words to train on, and what they were counted from.
struct Corpus {
  WordCounts words;
  CountsSummary summary;
  std::vector<std::string> first_errors;  // of records that were skipped, if they were counted by this run
};

// Word counts kept beside the vocabulary when training is interrupted, so that the same command need not
// count again: FOLDER/.counts.
class KeptCounts {
 public:
  // origin: of the task; empty: nothing is kept.
  KeptCounts(const std::string& folder, std::optional<std::uint64_t> origin)
      : path_(folder + "/.counts"), origin_(origin) {}

  const std::string& path() const { return path_; }
  // The counts that are there, if they are of this origin. Of others and damaged ones it says in the log why
  // they are not used. Throws cli::StoppedOnRequest.
  std::optional<Corpus> load_or_throw() const;
  // False where counts of this task cannot be told from others. Throws io::IoError.
  bool keep_or_throw(const Corpus& corpus) const;
  void remove() const;

 private:
  std::string path_;
  std::optional<std::uint64_t> origin_;
};

}  // namespace gpt::bpe_train
