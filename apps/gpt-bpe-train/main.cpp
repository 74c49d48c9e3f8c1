#include <string_view>

#include "apps/gpt-bpe-train/evaluate/evaluate.hpp"
#include "apps/gpt-bpe-train/options.hpp"
#include "apps/gpt-bpe-train/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-bpe-train", [&] {
    using namespace gpt::bpe_train;
    const std::string_view word = argc > 1 ? argv[1] : "";
    if (word == "evaluate") return evaluate(parse_evaluate_options(argc, argv));
    return run(parse_options(argc, argv));
  });
}
