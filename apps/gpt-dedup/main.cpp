#include <string_view>

#include "apps/gpt-dedup/compare.hpp"
#include "apps/gpt-dedup/options.hpp"
#include "apps/gpt-dedup/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-dedup", [&] {
    const std::string_view word = argc > 1 ? argv[1] : "";
    if (word == "compare") return gpt::dedup::run_compare(gpt::dedup::parse_compare_options(argc, argv));
    const auto options = gpt::dedup::parse_options(argc, argv);
    return gpt::dedup::run(options);
  });
}
