#include "apps/gpt-generate/options.hpp"
#include "apps/gpt-generate/run.hpp"
#include "libgpt/comm/run_ranks.hpp"
#include "libgpt/ops/threads.hpp"

int main(int argc, char** argv) {
  gpt::ops::restart_with_fitting_waits(argv);
  return gpt::comm::run_ranks("gpt-generate", [&](gpt::comm::World& world) {
    const auto options = gpt::generate_tool::parse_options(argc, argv);
    return gpt::generate_tool::run(options, world);
  });
}
