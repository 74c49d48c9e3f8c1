#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/count/counted_words.hpp"
#include "apps/gpt-bpe-train/count/counts_summary.hpp"
#include "apps/gpt-bpe-train/count/sample.hpp"
#include "apps/gpt-bpe-train/count/text_units.hpp"
#include "apps/gpt-bpe-train/count/word_counts.hpp"
#include "apps/gpt-bpe-train/count/word_splitting.hpp"
#include "libcommon/io/record_errors.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::bpe_train {

enum class InputFormat { by_name, jsonl, text };

struct CountTask {
  std::vector<std::string> inputs;
  InputFormat format = InputFormat::by_name;
  std::string json_key = "text";
  Unit unit = Unit::line;
  WordSplitting splitting;
  Sample sample;
  io::Shard shard;  // of the inputs
  io::OnError on_error = io::OnError::fail;
  int threads = 1;
  std::uint64_t memory = 0;  // bytes for the tables of words; 0: no bound
  std::string spill_folder;  // where tables go that outgrow it; made and removed as needed
};

struct CountResult {
  CountedWords words;
  CountsSummary summary;
  io::RecordErrors errors;
};

// Splits every unit of the inputs' share into words and counts them, each thread in a table of its own; the
// sums do not depend on the threads. progress is told the bytes read so far. Throws io::IoError,
// io::DataError, cli::StoppedOnRequest.
CountResult count_words_or_throw(const CountTask& task, const std::function<void(std::uint64_t)>& progress);

}  // namespace gpt::bpe_train
