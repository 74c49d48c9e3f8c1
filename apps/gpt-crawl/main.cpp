#include "apps/gpt-crawl/options.hpp"
#include "apps/gpt-crawl/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-crawl", [&] {
    const auto options = gpt::crawl::parse_options(argc, argv);
    return gpt::crawl::run(options);
  });
}
