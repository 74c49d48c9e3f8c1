#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/number_range.hpp"

namespace gpt::train_tool {

void add_log_options(CLI::App& app, Written& w) {
  Options& options = w.options;
  add_size(app, "--eval-interval", options.train.eval_interval,
           "Steps between evaluations; 0: only at the end", 0)
      ->capture_default_str();
  add_size(app, "--eval-iters", options.train.eval_iterations, "Steps of an evaluation; 0: none", 0)
      ->capture_default_str();
  add_size(app, "--log-interval", options.log_interval, "Steps between log lines")->capture_default_str();
  app.add_option("--metrics", options.metrics, "Write a JSON object a step")->type_name("FILE.jsonl");
  app.add_option("--tensorboard-dir", options.tensorboard_folder, "Write event files for TensorBoard")
      ->type_name("FOLDER");
  app.add_option("--peak-tflops", options.peak_teraflops,
                 "TFLOP/s that a rank could reach, for the share of peak; default measured at the start")
      ->check(cli::number_range(1e-6, 1e9))
      ->type_name("X");
  w.profile = app.add_option("--profile", w.profile_file,
                             "Tell at the end where the time went; write a trace for Perfetto, "
                             "which must not exist yet without --force")
                  ->expected(0, 1)
                  ->type_name("[FILE]");
}

void settle_log_options(Written& w) {
  if (w.profile->count() != 0) {
    w.options.profile = w.profile_file.empty() ? Written().profile_file : w.profile_file;
  }
}

}  // namespace gpt::train_tool
