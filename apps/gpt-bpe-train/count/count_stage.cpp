#include "apps/gpt-bpe-train/count/count_stage.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <system_error>

#include "apps/gpt-bpe-train/count/task_identity.hpp"
#include "apps/gpt-bpe-train/count/word_count_file.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"

namespace gpt::bpe_train {
namespace {

CountResult count_inputs_or_throw(const Options& options) {
  log::Progress progress(options.common.progress, "bytes");
  CountResult result =
      count_words_or_throw(options.count, [&](std::uint64_t bytes) { progress.update(bytes); });
  progress.finish();
  if (result.errors.count() != 0) log::warning(result.errors.summary());
  const io::Shard shard = options.count.shard;
  if (!shard.is_everything() || has_regular_inputs(options.count))
    result.summary.shares.push_back({job_of_or_throw(options.count), shard});
  return result;
}

// Counts are opened once for what they were made of and once for their words.
void check_readable_twice_or_throw(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored)) {
    throw io::DataError(file,
                        "is no regular file, and counts are read twice: write them to a file first, "
                        "and give that to --from-counts");
  }
}

CountResult read_counts_or_throw(const Options& options) {
  CountResult result{CountedWords(options.count.spill_folder), {}, io::RecordErrors(options.count.on_error)};
  result.summary.splitting = options.count.splitting;
  result.summary.unit = options.count.unit;
  for (const std::string& file : options.from_counts) {
    check_readable_twice_or_throw(file);
    add_summary_or_throw(result.summary, WordCountReader(file).summary(), file);
    result.words.files.push_back(file);
  }
  // What is written to --counts-out says which shares it has; a vocabulary must have all.
  if (const std::string missing = missing_share(result.summary);
      !missing.empty() && !options.output.empty()) {
    throw io::DataError(
        options.from_counts.front(),
        (options.from_counts.size() == 1 ? "is not the whole corpus: "
                                         : "and the other counts are not the whole corpus: ") +
            missing);
  }
  return result;
}

CountsSummary header_or_refuse(const std::string& path,
                               const std::function<void(const std::string&)>& refuse) {
  try {
    return WordCountReader(path).summary();
  } catch (const io::DataError& error) {
    refuse(std::string("is no whole file of counts (") + error.what() + ")");
    throw;
  }
}

}  // namespace

CountResult count_or_throw(const Options& options) {
  return options.from_counts.empty() ? count_inputs_or_throw(options) : read_counts_or_throw(options);
}

bool is_counted_or_throw(const Options& options) {
  const CountTask& task = options.count;
  const std::string part = io::part_name(options.counts_out, task.shard);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(part, ignored)) return false;
  const auto refuse = [&](const std::string& why) {
    throw io::DataError(part, "is there already, but " + why + "; give --force to count anew and replace it");
  };
  const CountsSummary there = header_or_refuse(part, refuse);
  if (there.splitting != task.splitting || there.unit != task.unit) {
    refuse("was counted with " + options_of(there.splitting, there.unit) + ", and " +
           options_of(task.splitting, task.unit) + " is asked for");
  }
  const CountedShare wanted{job_of_or_throw(task), task.shard};
  if (there.shares.size() != 1 || there.shares.front() != wanted)
    refuse("is of other inputs, options or another version: this run would count something else");
  return true;
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
