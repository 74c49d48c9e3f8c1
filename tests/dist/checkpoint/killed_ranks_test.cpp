// Run by kill_during_save.sh, which names the folder and whom to kill.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "tests/dist/dist_world.hpp"
#include "tests/unit/libgpt/checkpoint/complete_checkpoint.hpp"
#include "tests/unit/libgpt/checkpoint/rank_model.hpp"

namespace gpt::checkpoint {
namespace {

std::string environment_or_throw(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set");
  return value;
}

// 0.2 million parameters: a save takes long enough for a rank to be killed anywhere in it.
cost::ModelShape shape_of_test() {
  return {.layers = 2, .hidden = 64, .heads = 2, .positions = 16, .vocabulary = 2000, .ffn_hidden = 256};
}

void save(const std::string& folder, int iteration) {
  auto& world = test::world().communicator();
  const SampleModel whole(static_cast<float>(iteration), shape_of_test());
  const RankModel rank(whole, shape_of_test(), {.pipeline = world.size()}, world.rank());
  save_or_throw(world, folder, iteration, rank.content(whole, iteration), {.keep_last = 2});
}

int iteration_of_latest(const std::string& folder) {
  const std::string latest = slurp(folder + "/latest");
  return latest.empty() ? 0 : std::stoi(latest.substr(5));
}

void check_no_leftovers(const std::string& folder) {
  for (const auto& name : names_in(folder)) {
    CAPTURE(name);
    CHECK((name == "latest" || (name.starts_with("iter_") && name.size() == checkpoint_name(0).size())));
  }
}

TEST_CASE("one checkpoint after the other until a rank is killed" * doctest::skip()) {
  auto& world = test::world().communicator();
  const std::string folder = environment_or_throw("GPT_KILL_FOLDER");
  const int victim = std::stoi(environment_or_throw("GPT_KILL_RANK"));
  int iteration = iteration_of_latest(folder);
  world.barrier();  // all have read it
  save(folder, ++iteration);
  if (world.rank() == 0) check_no_leftovers(folder);
  if (world.rank() == victim) {
    std::random_device seed;
    const auto moment = std::chrono::microseconds(std::uniform_int_distribution<int>(0, 500'000)(seed));
    std::thread([moment] {
      std::this_thread::sleep_for(moment);
      std::raise(SIGKILL);
    }).detach();
  }
  while (true) save(folder, ++iteration);
}

TEST_CASE("what killed ranks left" * doctest::skip()) {
  check_all_complete(environment_or_throw("GPT_KILL_FOLDER"), shape_of_test());
}

}  // namespace
}  // namespace gpt::checkpoint
