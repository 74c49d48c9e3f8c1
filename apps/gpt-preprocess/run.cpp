#include "apps/gpt-preprocess/run.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "apps/gpt-preprocess/dataset_set.hpp"
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

// In: the inputs one after the other. Out: their documents' ids in the same order.
Totals encode_all(const Options& options, const tokenizer::ByteLevelBpe& vocabulary, DatasetSet& datasets,
                  const log::RunReport& clock) {
  io::LineBatchReader reader(options.inputs);
  log::Progress progress(options.common.progress, "documents");
  IntervalLog interval(options.log_interval, clock);
  Totals totals;
  totals.errors = io::RecordErrors(options.encode.on_error);
  threads::run_ordered_pipeline(
      options.common.threads, [&] { return reader.next_or_throw(); },
      [&] {
        return [&options, encoder = BatchEncoder(options.encode, vocabulary)](io::LineBatch&& lines) mutable {
          const auto by_name = io::document_format_of_name(options.inputs[lines.file_index]);
          return encoder.encode_or_throw(lines, options.input_format.value_or(by_name));
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

void check_not_empty(const Options& options, const DatasetSet& datasets, const Totals& totals) {
  if (datasets.tokens() != 0) return;
  const std::string others = options.inputs.size() > 1 ? "and the other inputs hold " : "holds ";
  throw io::DataError(options.inputs.front(),
                      totals.documents == 0 ? others + "no documents" : others + "no document with text");
}

void say(const Options& options, const DatasetSet& datasets, const Totals& totals, double seconds) {
  if (totals.errors.count() != 0) log::warning(totals.errors.summary());
  std::string names;
  for (const std::string& key : options.encode.keys)
    names += (names.empty() ? "" : ", ") + dataset_name(options.output_prefix, key);
  log::info(
      names + ": " + std::to_string(totals.documents) + " documents (" + std::to_string(totals.empty_fields) +
      " without text), " + std::to_string(datasets.tokens()) + " tokens, " +
      rounded(static_cast<double>(totals.text_bytes) / static_cast<double>(datasets.tokens()), "%.3f") +
      " bytes of text per token, " +
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
  report.set("tokens", datasets.tokens());
  report.set("bytes", totals.text_bytes);
  report.set("input_bytes", totals.input_bytes);
  report.set("bytes_per_token",
             static_cast<double>(totals.text_bytes) / static_cast<double>(datasets.tokens()));
  report.write_or_throw(*options.common.report);
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-preprocess");
  const auto vocabulary = tokenizer::ByteLevelBpe::load_or_throw(options.vocabulary_file, options.merge_file);
  if (options.encode.eod == EndOfDocument::append) (void)vocabulary.end_of_document_id_or_throw();
  const auto type = dataset::token_type_for_vocabulary(vocabulary.vocabulary_size());
  DatasetSet datasets(options.output_prefix, options.encode.keys, type,
                      options.common.force ? io::Existing::replace : io::Existing::refuse);
  const Totals totals = encode_all(options, vocabulary, datasets, report);
  check_not_empty(options, datasets, totals);
  datasets.commit_or_throw();
  say(options, datasets, totals, report.seconds());
  write_report(options, report, datasets, totals, type);
  return cli::ExitCode::done;
}

}  // namespace gpt::preprocess
