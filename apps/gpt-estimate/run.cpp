#include "apps/gpt-estimate/run.hpp"

#include "apps/gpt-estimate/model_estimate.hpp"
#include "apps/gpt-estimate/published_tables.hpp"
#include "apps/gpt-estimate/time_estimate.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::estimate {
namespace {

std::vector<Sheet> sheets_of(const Options& options) {
  if (const auto* model = std::get_if<ModelTask>(&options.task)) return estimate_model(*model);
  if (const auto* time = std::get_if<TimeTask>(&options.task)) return estimate_time(*time);
  return published_tables(std::get<TablesTask>(options.task).names);
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-estimate");
  const auto existing = options.common.force ? io::Existing::replace : io::Existing::refuse;
  io::OutputFile output(options.output, existing);
  const std::vector<Sheet> sheets = sheets_of(options);
  output.write_or_throw(render(sheets, options.format));
  output.commit_or_throw();
  if (options.common.report) {
    std::string json = render(sheets, Format::json);
    json.pop_back();
    report.set_json("estimate", json);
    report.write_or_throw(*options.common.report);
  }
  return cli::ExitCode::done;
}

}  // namespace gpt::estimate
