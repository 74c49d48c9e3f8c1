#include "apps/gpt-dedup/options.hpp"
#include "apps/gpt-dedup/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-dedup", [&] {
    const auto options = gpt::dedup::parse_options(argc, argv);
    return gpt::dedup::run(options);
  });
}
