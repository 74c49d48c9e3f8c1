#include <string_view>

#include "apps/gpt-preprocess/dataset_options.hpp"
#include "apps/gpt-preprocess/inspect.hpp"
#include "apps/gpt-preprocess/options.hpp"
#include "apps/gpt-preprocess/rearrange.hpp"
#include "apps/gpt-preprocess/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-preprocess", [&] {
    using namespace gpt::preprocess;
    const std::string_view word = argc > 1 ? argv[1] : "";
    if (word == "merge") return run(parse_merge_options(argc, argv));
    if (word == "split") return run(parse_split_options(argc, argv));
    if (word == "info") return run(parse_info_options(argc, argv));
    if (word == "verify") return run(parse_verify_options(argc, argv));
    return run(parse_options(argc, argv));
  });
}
