#include "apps/gpt-estimate/options.hpp"
#include "apps/gpt-estimate/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-estimate", [&] {
    const auto options = gpt::estimate::parse_options(argc, argv);
    return gpt::estimate::run(options);
  });
}
