#include "apps/gpt-train/options.hpp"
#include "apps/gpt-train/run.hpp"
#include "libcommon/cli/run_main.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libgpt/ops/threads.hpp"

int main(int argc, char** argv) {
  gpt::ops::restart_with_fitting_waits(argv);
  return gpt::cli::run_main("gpt-train", [&] {
    gpt::cli::take_stop_signals_on_own_thread();
    const auto options = gpt::train_tool::parse_options(argc, argv);
    return gpt::train_tool::run(options);
  });
}
