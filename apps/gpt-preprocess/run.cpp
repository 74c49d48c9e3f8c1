#include "apps/gpt-preprocess/run.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include "apps/gpt-preprocess/dataset_set.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/log/run_report.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::preprocess {
namespace {

struct Totals {
  std::uint64_t documents = 0;
  std::uint64_t empty_fields = 0;
  std::uint64_t text_bytes = 0;
  std::uint64_t input_bytes = 0;
  io::RecordErrors errors;

  void absorb(const EncodedBatch& batch) {
    documents += batch.documents;
    empty_fields += batch.empty_fields;
    text_bytes += batch.text_bytes;
    input_bytes += batch.input_bytes;
    errors.absorb(batch.errors);
  }
};

std::string rounded(double value, const char* format) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// Megatron's line: "Processed 1000 documents (52000.0 docs/s, 5.9 MB/s)."
class IntervalLog {
 public:
  IntervalLog(std::uint64_t interval, const log::RunReport& clock) : interval_(interval), clock_(clock) {}

  void update(const Totals& totals) {
    if (interval_ == 0 || totals.documents / interval_ == last_) return;
    last_ = totals.documents / interval_;
    const double seconds = std::max(clock_.seconds(), 1e-9);
    log::info("processed " + std::to_string(totals.documents) + " documents (" +
              rounded(static_cast<double>(totals.documents) / seconds, "%.1f") + " docs/s, " +
              rounded(static_cast<double>(totals.input_bytes) / seconds / 1e6, "%.2f") + " MB/s)");
  }

 private:
  std::uint64_t interval_;
  const log::RunReport& clock_;
  std::uint64_t last_ = 0;
};

std::vector<io::FileRange> share_or_throw(const Options& options) {
  if (!options.shard.is_everything())
    return io::share_of_inputs(io::inspect_inputs_or_throw(options.inputs), options.shard);
  std::vector<io::FileRange> everything;
  for (const auto& path : options.inputs) everything.push_back({path});
  return everything;
}

// In: the inputs, or the shard's share of them, one after the other. Out: their documents' ids in the same
// order.
Totals encode_all(const Options& options, const tokenizer::Tokenizer& tokenizer, dataset::TokenType type,
                  DatasetSet& datasets, const log::RunReport& clock) {
  EncodeSettings settings = options.encode;
  settings.token_type = type;
  const std::vector<io::FileRange> share = share_or_throw(options);
  io::LineBatchReader reader(share);
  log::Progress progress(options.common.progress, "documents");
  IntervalLog interval(options.log_interval, clock);
  Totals totals;
  totals.errors = io::RecordErrors(options.encode.on_error);
  threads::run_ordered_pipeline(
      options.common.threads, [&] { return reader.next_or_throw(); },
      [&] {
        return
            [&options, &share, encoder = BatchEncoder(settings, tokenizer)](io::LineBatch&& lines) mutable {
              const auto by_name = io::document_format_of_name(share[lines.file_index].path);
              return encoder.encode_or_throw(std::move(lines), options.input_format.value_or(by_name));
            };
      },
      [&](EncodedBatch&& batch) {
        datasets.add_or_throw(batch);
        totals.absorb(batch);
        progress.update(totals.documents);
        interval.update(totals);
      });
  progress.finish();
  return totals;
}

// The prefix of a shard's part: my-gpt.00003-of-00016.
std::string part_prefix(const Options& options) {
  constexpr std::string_view kSuffix = ".idx";
  std::string name = io::part_name(options.output_prefix + std::string(kSuffix), options.shard);
  name.resize(name.size() - kSuffix.size());
  return name;
}

Level level_of(const Options& options) {
  return options.encode.sentences ? Level::sentence : Level::document;
}

std::vector<std::string> dataset_names(const Options& options) {
  std::vector<std::string> names;
  for (const std::string& key : options.encode.keys)
    names.push_back(dataset_name(part_prefix(options), key, level_of(options)));
  return names;
}

// A part that an earlier run has finished: of its files the index comes last.
bool is_done_already(const Options& options) {
  if (options.shard.is_everything() || options.common.force) return false;
  const auto names = dataset_names(options);
  return std::all_of(names.begin(), names.end(),
                     [](const std::string& name) { return std::filesystem::is_regular_file(name + ".idx"); });
}

void check_files_or_throw(const Options& options) {
  cli::RunFiles files;
  for (const std::string& name : dataset_names(options)) {
    for (const char* const suffix : {".bin", ".idx"}) files.add_output("--output-prefix", name + suffix);
  }
  files.add_inputs("an input", options.inputs);
  cli::check_files_or_throw(std::move(files), options.common.report, options.shard);
}

void check_not_empty(const Options& options, const DatasetSet& datasets, const Totals& totals) {
  // The share of a shard may be nothing: its part is an empty dataset.
  if (datasets.tokens() != 0 || !options.shard.is_everything()) return;
  const std::string others = options.inputs.size() > 1 ? "and the other inputs hold " : "holds ";
  throw io::DataError(options.inputs.front(),
                      totals.documents == 0 ? others + "no documents" : others + "no document with text");
}

double bytes_per_token(const DatasetSet& datasets, const Totals& totals) {
  const auto tokens = static_cast<double>(datasets.tokens());
  return tokens == 0 ? 0 : static_cast<double>(totals.text_bytes) / tokens;
}

void say(const Options& options, const DatasetSet& datasets, const Totals& totals, double seconds) {
  if (totals.errors.count() != 0) log::warning(totals.errors.summary());
  std::string names;
  for (const std::string& name : dataset_names(options)) names += (names.empty() ? "" : ", ") + name;
  const std::string sentences =
      options.encode.sentences ? std::to_string(datasets.sequences()) + " sentences, " : "";
  log::info(
      names + ": " + std::to_string(totals.documents) + " documents (" + std::to_string(totals.empty_fields) +
      " without text), " + sentences + std::to_string(datasets.tokens()) + " tokens, " +
      rounded(bytes_per_token(datasets, totals), "%.3f") + " bytes of text per token, " +
      rounded(static_cast<double>(totals.input_bytes) / std::max(seconds, 1e-9) / 1e6, "%.1f") + " MB/s");
}

void write_report(const Options& options, log::RunReport& report, const DatasetSet& datasets,
                  const Totals& totals, dataset::TokenType type) {
  if (!options.common.report) return;
  report.set("inputs", options.inputs);
  report.set("output_prefix", options.output_prefix);
  report.set("json_keys", options.encode.keys);
  report.set("token_type", dataset::name_of(type));
  report.set("documents", totals.documents);
  report.set("empty_documents", totals.empty_fields);
  report.set("bad_records", totals.errors.count());
  report.set("first_errors", totals.errors.first_messages());
  if (options.encode.sentences) report.set("sentences", datasets.sequences());
  report.set("tokens", datasets.tokens());
  report.set("bytes", totals.text_bytes);
  report.set("input_bytes", totals.input_bytes);
  report.set("bytes_per_token", bytes_per_token(datasets, totals));
  report.write_or_throw(io::part_name(*options.common.report, options.shard));
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-preprocess");
  if (is_done_already(options)) {
    log::info(dataset_names(options).front() + " is there already: nothing to do");
    return cli::ExitCode::done;
  }
  check_files_or_throw(options);
  const auto tokenizer = tokenizer::Tokenizer::load_or_throw(options.tokenizer);
  // What the workers would find out is found out before a file is made.
  if (options.encode.eod == EndOfDocument::append) (void)tokenizer.end_of_document_id_or_throw();
  if (options.encode.sentences) (void)make_splitter_or_throw(*options.encode.sentences);
  const auto type = dataset::token_type_for_vocabulary(tokenizer.vocabulary_size());
  DatasetSet datasets(part_prefix(options), options.encode.keys, level_of(options), type,
                      options.common.force ? io::Existing::replace : io::Existing::refuse);
  const Totals totals = encode_all(options, tokenizer, type, datasets, report);
  check_not_empty(options, datasets, totals);
  datasets.commit_or_throw();
  say(options, datasets, totals, report.seconds());
  write_report(options, report, datasets, totals, type);
  return cli::ExitCode::done;
}

}  // namespace gpt::preprocess
