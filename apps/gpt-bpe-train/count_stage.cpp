#include "apps/gpt-bpe-train/count_stage.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <xxhash.h>

#include "apps/gpt-bpe-train/word_count_file.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"

namespace gpt::bpe_train {
namespace {

// Tells the shares of one job from those of another.
std::uint64_t job_of_or_throw(const std::vector<std::string>& inputs) {
  std::string all;
  for (const io::InputFile& input : io::inspect_inputs_or_throw(inputs))
    all += input.path + "\n" + std::to_string(input.bytes) + "\n";
  return XXH3_64bits(all.data(), all.size());
}

CountResult count_inputs_or_throw(const Options& options) {
  log::Progress progress(options.common.progress, "bytes");
  CountResult result =
      count_words_or_throw(options.count, [&](std::uint64_t bytes) { progress.update(bytes); });
  progress.finish();
  if (result.errors.count() != 0) log::warning(result.errors.summary());
  const io::Shard shard = options.count.shard;
  if (!shard.is_everything()) result.summary.shares.push_back({job_of_or_throw(options.count.inputs), shard});
  return result;
}

std::string missing_share(const CountsSummary& summary) {
  const CountedShare& there = summary.shares.front();
  std::set<int> ranks;
  for (const CountedShare& share : summary.shares) {
    if (share.job == there.job && share.shard.world == there.shard.world) ranks.insert(share.shard.rank);
  }
  int missing = 0;
  while (ranks.contains(missing)) ++missing;
  return "share " + std::to_string(missing) + " of " + std::to_string(there.shard.world) + " is missing (" +
         std::to_string(ranks.size()) + " are there)";
}

CountResult read_counts_or_throw(const Options& options) {
  CountResult result{CountedWords(options.count.spill_folder), {}, io::RecordErrors(options.count.on_error)};
  result.summary.splitting = options.count.splitting;
  result.summary.unit = options.count.unit;
  for (const std::string& file : options.from_counts) {
    add_summary_or_throw(result.summary, WordCountReader(file).summary(), file);
    result.words.files.push_back(file);
  }
  // What is written to --counts-out says which shares it has; a vocabulary must have all.
  if (!result.summary.shares.empty() && options.counts_out.empty()) {
    throw io::DataError(options.from_counts.front(),
                        "and the other counts are not the whole corpus: " + missing_share(result.summary));
  }
  return result;
}

}  // namespace

CountResult count_or_throw(const Options& options) {
  return options.from_counts.empty() ? count_inputs_or_throw(options) : read_counts_or_throw(options);
}

std::uint64_t write_counts_or_throw(const Options& options, CountResult& counts) {
  counts.words.reduce_or_throw();
  WordCountWriter writer(io::part_name(options.counts_out, options.count.shard),
                         options.common.force ? io::Existing::replace : io::Existing::refuse, counts.summary);
  writer.add_all_or_throw(*counts.words.sorted_or_throw());
  writer.commit_or_throw();
  return writer.words();
}

}  // namespace gpt::bpe_train
