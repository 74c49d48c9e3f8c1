#include "apps/gpt-generate/run.hpp"

#include "apps/gpt-generate/generate_texts.hpp"
#include "apps/gpt-generate/loaded_model.hpp"
#include "apps/gpt-generate/score_texts.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/run_report.hpp"
#include "libgpt/ops/threads.hpp"

namespace gpt::generate_tool {

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-generate");
  ops::set_threads(options.common.threads);
  io::check_output_or_throw(options.output,
                            options.common.force ? io::Existing::replace : io::Existing::refuse);
  auto loaded = load_model_or_throw(options);
  report.set("model", loaded.path);
  if (const auto* score = std::get_if<ScoreTask>(&options.task)) {
    score_texts_or_throw(options, *score, loaded, report);
  } else {
    generate_texts_or_throw(options, std::get<GenerateTask>(options.task), loaded, report);
  }
  if (options.common.report) report.write_or_throw(*options.common.report);
  return cli::ExitCode::done;
}

}  // namespace gpt::generate_tool
