#include "apps/gpt-bpe-train/options.hpp"
#include "apps/gpt-bpe-train/run.hpp"
#include "libcommon/cli/run_main.hpp"

int main(int argc, char** argv) {
  return gpt::cli::run_main("gpt-bpe-train", [&] {
    const auto options = gpt::bpe_train::parse_options(argc, argv);
    return gpt::bpe_train::run(options);
  });
}
