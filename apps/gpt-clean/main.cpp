#include "apps/gpt-clean/clean.hpp"
#include "apps/gpt-clean/options.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-clean", [&] {
    const auto options = gpt::clean::parse_options(argc, argv);
    return gpt::clean::run(options);
  });
}
