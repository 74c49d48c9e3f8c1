#include <string_view>

#include "apps/gpt-dedup/compare/compare.hpp"
#include "apps/gpt-dedup/options.hpp"
#include "apps/gpt-dedup/run.hpp"
#include "apps/gpt-dedup/stages/stage_options.hpp"
#include "apps/gpt-dedup/stages/stages.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-dedup", [&] {
    using namespace gpt::dedup;
    const std::string_view word = argc > 1 ? argv[1] : "";
    if (word == "compare") return run_compare(parse_compare_options(argc, argv));
    if (word == "signatures") return run(parse_signatures_options(argc, argv));
    if (word == "pairs") return run(parse_pairs_options(argc, argv));
    if (word == "groups") return run(parse_groups_options(argc, argv));
    if (word == "filter") return run(parse_filter_options(argc, argv));
    return run(parse_options(argc, argv));
  });
}
