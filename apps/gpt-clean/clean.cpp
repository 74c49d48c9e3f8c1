#include "apps/gpt-clean/clean.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "apps/gpt-clean/cleaner.hpp"
#include "apps/gpt-clean/report.hpp"
#include "apps/gpt-clean/tally.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/log/run_report.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::clean {
namespace {

io::DocumentFormat format_of(const std::string& path, std::optional<io::DocumentFormat> chosen) {
  return chosen.value_or(io::document_format_of_name(path));
}

// In: the inputs one after the other. Out: the cleaned documents in the same order.
Tally clean_all(const Options& options, io::OutputFile& output, io::OutputFile* rejected,
                log::Progress& progress) {
  const io::DocumentFormat output_format = format_of(options.output, options.output_format);
  io::LineBatchReader reader(options.inputs);
  Tally total;
  total.errors = io::RecordErrors(options.on_error);
  threads::run_ordered_pipeline(
      options.common.threads, [&] { return reader.next_or_throw(); },
      [&] {
        return [&options, cleaner = Cleaner(options, output_format)](io::LineBatch&& lines) mutable {
          const auto& path = options.inputs[lines.file_index];
          return cleaner.clean_or_throw(lines, format_of(path, options.input_format));
        };
      },
      [&](CleanedBatch&& batch) {
        output.write_or_throw(batch.kept);
        if (rejected != nullptr) rejected->write_or_throw(batch.rejected);
        total.absorb(batch.tally);
        progress.update(total.documents_in);
      });
  return total;
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-clean");
  const auto existing = options.common.force ? io::Existing::replace : io::Existing::refuse;
  io::OutputFile output(options.output, existing);
  std::optional<io::OutputFile> rejected;
  if (options.rejected) rejected.emplace(*options.rejected, existing);
  log::Progress progress(options.common.progress, "documents");
  const Tally total = clean_all(options, output, rejected ? &*rejected : nullptr, progress);
  if (rejected) rejected->commit_or_throw();
  output.commit_or_throw();
  progress.finish();
  tell(total);
  fill(report, options, total);
  if (options.common.report) report.write_or_throw(*options.common.report);
  return cli::ExitCode::done;
}

}  // namespace gpt::clean
