#include <string_view>

#include "apps/gpt-clean/clean.hpp"
#include "apps/gpt-clean/list_rules.hpp"
#include "apps/gpt-clean/options.hpp"
#include "apps/gpt-clean/stats.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-clean", [&] {
    using namespace gpt::clean;
    const std::string_view word = argc > 1 ? argv[1] : "";
    if (word == "rules") return list_rules_or_throw(parse_rules_options(argc, argv));
    if (word == "stats") return run_stats(parse_stats_options(argc, argv));
    return run(parse_options(argc, argv));
  });
}
