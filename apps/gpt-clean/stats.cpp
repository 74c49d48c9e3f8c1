#include "apps/gpt-clean/stats.hpp"

#include <utility>

#include "apps/gpt-clean/document_source.hpp"
#include "apps/gpt-clean/finished_part.hpp"
#include "apps/gpt-clean/statistics_json.hpp"
#include "apps/gpt-clean/statistics_table.hpp"
#include "apps/gpt-clean/text_meter.hpp"
#include "apps/gpt-clean/vocabulary.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/document_batch.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/log/run_report.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::clean {
namespace {

struct Measured {
  Statistics statistics;
  io::RecordErrors errors;
};

// One worker.
class Measurer {
 public:
  Measurer(const StatsOptions& options, std::shared_ptr<const tokenizer::Tokenizer> tokenizer)
      : options_(options), parser_(options.text_key), meter_(options.language, std::move(tokenizer)) {}

  Measured measure_or_throw(const io::LineBatch& lines) {
    Measured measured;
    const auto format = options_.input_format.value_or(io::document_format_of_name(*lines.file));
    const io::DocumentBatch batch =
        io::parse_batch_or_throw(lines, parser_, format, options_.on_error, io::InvalidUtf8::replace);
    for (const io::Document& document : batch.documents) {
      meter_.measure(document.text, group_of(document), measured.statistics);
    }
    measured.errors = batch.errors;
    return measured;
  }

 private:
  std::optional<std::string> group_of(const io::Document& document) {
    const auto& by = options_.sources.by;
    return by ? std::optional(by->group_of(parser_, document)) : std::nullopt;
  }

  const StatsOptions& options_;
  io::DocumentParser parser_;
  TextMeter meter_;
};

Measured nothing_of(const StatsOptions& options) {
  Measured nothing;
  nothing.statistics.sources = Sources(options.sources.most);
  return nothing;
}

Measured measure_all_or_throw(const StatsOptions& options) {
  const auto share = share_of_documents_or_throw(options.inputs, options.text_layout, options.shard);
  const auto source = open_documents(share, options.text_layout);
  const auto tokenizer = shared_tokenizer_or_throw(options.vocab_file, options.merge_file);
  log::Progress progress(options.common.progress, "documents");
  Measured total = nothing_of(options);
  total.errors = io::RecordErrors(options.on_error);
  threads::run_ordered_pipeline(
      options.common.threads, [&] { return source->next_or_throw(); },
      [&] {
        return [measurer = Measurer(options, tokenizer)](io::LineBatch&& lines) mutable {
          return measurer.measure_or_throw(lines);
        };
      },
      [&](Measured&& measured) {
        total.statistics.absorb(measured.statistics);
        total.errors.absorb(measured.errors);
        progress.update(total.statistics.documents());
      });
  progress.finish();
  total.statistics.sources.keep_largest();
  return total;
}

Measured merge_all_or_throw(const StatsOptions& options) {
  Measured total = nothing_of(options);
  const std::string of_report =
      options.report_part == ReportPart::before ? "statistics_before" : "statistics_after";
  for (const auto& path : options.inputs) {
    total.statistics.absorb(parse_statistics_or_throw(io::read_file_or_throw(path), path, of_report));
  }
  total.statistics.sources.keep_largest();
  return total;
}

std::optional<std::string> report_of(const StatsOptions& options) {
  const auto& path = options.common.report;
  return path ? std::optional(io::part_name(*path, options.shard)) : std::nullopt;
}

void check_files_of(const StatsOptions& options) {
  cli::RunFiles files;
  files.add_output("--output", io::part_name(options.output, options.shard));
  files.add_inputs("an input", options.inputs);
  files.add_input("--vocab-file", options.vocab_file);
  files.add_input("--merge-file", options.merge_file);
  cli::check_files_or_throw(std::move(files), report_of(options));
}

}  // namespace

cli::ExitCode run_stats(const StatsOptions& options) {
  log::RunReport report("gpt-clean");
  check_files_of(options);
  const std::string part = io::part_name(options.output, options.shard);
  if (is_done_already(part, options.shard, options.common)) {
    log::info(part + " is there already: nothing to do");
    return cli::ExitCode::done;
  }
  io::OutputFile output(part, options.common.force ? io::Existing::replace : io::Existing::refuse);
  const Measured total = options.merge ? merge_all_or_throw(options) : measure_all_or_throw(options);
  output.write_or_throw(json_of(total.statistics) + "\n");
  output.commit_or_throw();
  if (total.errors.count() > 0) log::warning(total.errors.summary());
  for (const std::string& line : table_of(total.statistics)) log::info(line);
  report.set("inputs", options.inputs);
  report.set("output", options.output);
  report.set("documents", total.statistics.documents());
  report.set_json("statistics", json_of(total.statistics));
  report.set("bad_records", total.errors.count());
  report.set("first_errors", total.errors.first_messages());
  if (options.common.report) report.write_or_throw(*report_of(options));
  return cli::ExitCode::done;
}

}  // namespace gpt::clean
