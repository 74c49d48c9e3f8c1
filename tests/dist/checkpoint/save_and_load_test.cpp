#include <filesystem>
#include <map>

#include <doctest/doctest.h>

#include "libgpt/checkpoint/gather_windows.hpp"
#include "libgpt/checkpoint/model_folder.hpp"
#include "tests/dist/checkpoint/shared_folder.hpp"
#include "tests/unit/libgpt/checkpoint/rank_model.hpp"

namespace gpt::checkpoint {
namespace {

using cost::Layout;
using cost::OptimizerStates;

cost::ModelShape shape_of_test() {
  return {.layers = 4, .hidden = 16, .heads = 4, .positions = 16, .vocabulary = 41, .ffn_hidden = 64};
}

// Layouts of exactly so many ranks.
std::vector<Layout> layouts_of(int ranks) {
  const std::vector<Layout> all = {
      {},
      {.tensor = 2},
      {.pipeline = 2, .virtual_stages = 2},
      {.data = 2, .optimizer = OptimizerStates::sharded},
      {.tensor = 4},
      {.tensor = 2, .pipeline = 2},
      {.tensor = 2, .data = 2, .optimizer = OptimizerStates::sharded},
      {.pipeline = 2, .data = 2},
  };
  std::vector<Layout> fitting;
  for (const auto& layout : all) {
    if (layout.processes() == ranks) fitting.push_back(layout);
  }
  return fitting;
}

std::map<std::string, std::string> files_of(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().string().substr(folder.size())] = slurp(entry.path());
  }
  return files;
}

void check_saved_as_by_one(const SampleModel& whole, const cost::ModelShape& shape, const Layout& layout,
                           const SaveOptions& options) {
  auto& world = test::world().communicator();
  const test::SharedFolder together;
  const test::ScratchFolder alone;
  const RankModel rank(whole, shape, layout, world.rank());
  save_or_throw(world, together.path(), 7, rank.content(whole, 7), options);
  save_or_throw(alone.path(), 7, whole.content(7), options);
  CHECK(files_of(together.path()) == files_of(alone.path()));
}

TEST_CASE("ranks save what one would, byte for byte") {
  const auto shape = shape_of_test();
  const SampleModel whole(1.0F, shape);
  for (const auto& layout : layouts_of(test::world().size())) {
    check_saved_as_by_one(whole, shape, layout, {});
    check_saved_as_by_one(whole, shape, layout, {.dtype = tensor::DType::bf16, .max_shard_bytes = 10'000});
  }
}

TEST_CASE("tensors larger than what is gathered at once") {
  auto shape = shape_of_test();
  shape.vocabulary = kWindowElements / shape.hidden + 17;
  const SampleModel whole(1.0F, shape);
  check_saved_as_by_one(whole, shape, layouts_of(test::world().size()).back(), {});
}

TEST_CASE("what ranks saved is loaded at other layouts") {
  auto& world = test::world().communicator();
  const auto shape = shape_of_test();
  const SampleModel whole(1.0F, shape);
  const test::SharedFolder folder;
  for (const auto& saved : layouts_of(world.size())) {
    save_or_throw(world, folder.path(), 7, RankModel(whole, shape, saved, world.rank()).content(whole, 7));
    for (const auto& loaded : layouts_of(world.size())) {
      const RankModel rank(whole, shape, loaded, world.rank());
      auto model = ModelFolder::open_or_throw(folder.path());
      std::vector<float> weights = rank.weights;  // with the gaps between tensors, which are not read
      for (const auto& parameter : rank.layout.parameters()) {
        const auto tensor = model::tensor_of(std::span(weights), parameter);
        std::fill(tensor.begin(), tensor.end(), -1.0F);
      }
      read_parameters_or_throw(model.weights(), rank.layout, weights);
      CHECK(weights == rank.weights);
    }
    world.barrier();
  }
}

TEST_CASE("what one rank finds wrong is told by all of them") {
  auto& world = test::world().communicator();
  const auto shape = shape_of_test();
  const SampleModel whole(1.0F, shape);
  const test::SharedFolder folder;
  const RankModel held(whole, shape, layouts_of(world.size()).front(), world.rank());
  auto content = held.content(whole, 7);
  if (world.rank() == world.size() - 1 && !content.weights.empty()) content.weights.pop_back();
  std::string said;
  try {
    save_or_throw(world, folder.path(), 7, content);
  } catch (const SaveError& error) {
    said = error.what();
  }
  CHECK(said.find(" is given by no rank") != std::string::npos);
  world.barrier();  // rank 0 has tidied up
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace gpt::checkpoint
