#include "apps/gpt-preprocess/options.hpp"
#include "apps/gpt-preprocess/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-preprocess", [&] {
    const auto options = gpt::preprocess::parse_options(argc, argv);
    return gpt::preprocess::run(options);
  });
}
