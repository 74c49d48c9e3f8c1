// The main of tests that run on ranks: each rank runs the same test cases in the same order.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "libgpt/comm/run_ranks.hpp"
#include "tests/dist/dist_world.hpp"

namespace gpt::test {
namespace {

comm::World* g_world = nullptr;

}  // namespace

comm::World& world() { return *g_world; }

}  // namespace gpt::test

int main(int argc, char** argv) {
  return gpt::comm::run_ranks("dist-test", [&](gpt::comm::World& world) {
    gpt::test::g_world = &world;
    doctest::Context context(argc, argv);
    context.setOption("no-version", true);
    context.setOption("no-colors", true);
    context.setOption("minimal", world.rank() != 0);
    // a rank that went on after a failure would meet the others in the wrong collective
    context.setOption("abort-after", 1);
    if (context.run() != 0) throw std::runtime_error("a test failed");
    return gpt::cli::ExitCode::done;
  });
}
