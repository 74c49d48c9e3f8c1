#include "apps/gpt-train/options.hpp"
#include "apps/gpt-train/run.hpp"
#include "libgpt/comm/run_ranks.hpp"
#include "libgpt/ops/threads.hpp"

int main(int argc, char** argv) {
  gpt::ops::restart_with_fitting_waits(argv);
  return gpt::comm::run_ranks("gpt-train", [&](gpt::comm::World& world) {
    const auto options = gpt::train_tool::parse_options(argc, argv);
    return gpt::train_tool::run(options, world);
  });
}
