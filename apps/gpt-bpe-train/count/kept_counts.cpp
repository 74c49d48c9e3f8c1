#include "apps/gpt-bpe-train/count/kept_counts.hpp"

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "apps/gpt-bpe-train/count/word_count_file.hpp"
#include "libcommon/log/logger.hpp"

namespace gpt::bpe_train {
namespace fs = std::filesystem;

std::optional<Corpus> KeptCounts::load_or_throw() const {
  std::error_code error;
  if (!fs::is_regular_file(path_, error)) return std::nullopt;
  try {
    WordCountReader reader(path_);
    if (!origin_ || reader.summary().origin != *origin_) {
      log::warning(path_ + " is of other inputs or options: counting anew");
      return std::nullopt;
    }
    Corpus corpus{{}, reader.summary(), {}};
    while (const auto word = reader.next_or_throw()) corpus.words.add(word->word, word->count);
    log::info("taking up the counts of the interrupted run in " + path_);
    return corpus;
  } catch (const std::runtime_error& failure) {
    log::warning(std::string(failure.what()) + ": counting anew");
    return std::nullopt;
  }
}

bool KeptCounts::keep_or_throw(const Corpus& corpus) const {
  if (!origin_) return false;
  CountsSummary summary = corpus.summary;
  summary.origin = *origin_;
  WordCountWriter writer(path_, io::Existing::replace, summary);
  SortedTable sorted(corpus.words);
  writer.add_all_or_throw(sorted);
  writer.commit_or_throw();
  return true;
}

void KeptCounts::remove() const {
  std::error_code error;
  fs::remove(path_, error);
}

}  // namespace gpt::bpe_train
