#include "apps/gpt-train/options.hpp"
#include "apps/gpt-train/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-train", [&] {
    const auto options = gpt::train_tool::parse_options(argc, argv);
    return gpt::train_tool::run(options);
  });
}
