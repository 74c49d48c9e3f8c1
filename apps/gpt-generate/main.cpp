#include "apps/gpt-generate/options.hpp"
#include "apps/gpt-generate/run.hpp"
#include "libcommon/cli/run_main.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libgpt/ops/threads.hpp"

int main(int argc, char** argv) {
  gpt::ops::restart_with_fitting_waits(argv);
  return gpt::cli::run_main("gpt-generate", [&] {
    gpt::cli::take_stop_signals_on_own_thread();
    const auto options = gpt::generate_tool::parse_options(argc, argv);
    return gpt::generate_tool::run(options);
  });
}
