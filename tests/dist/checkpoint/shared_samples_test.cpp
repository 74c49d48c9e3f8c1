#include <doctest/doctest.h>

#include "libgpt/data/training_data.hpp"
#include "tests/dist/checkpoint/shared_folder.hpp"
#include "tests/unit/libgpt/data/sample_dataset.hpp"

namespace gpt::data {
namespace {

TEST_CASE("ranks share the samples that one of them makes") {
  auto& world = test::world().communicator();
  const test::SharedFolder folder;
  if (world.rank() == 0) write_counting_dataset(folder / "d", {5, 9, 0, 30, 2, 11}, 100);
  world.barrier();
  const auto paths = parse_data_paths_or_throw({folder / "d"});
  const auto build = [&](comm::Communicator* group, const std::optional<std::string>& cache) {
    SamplingConfig config;
    config.sequence_length = 6;
    config.cache_folder = cache;
    config.world = group;
    return build_training_data_or_throw(paths, Split::parse_or_throw("4,2,0"), {40, 7, 0}, config);
  };
  const auto alone = build(nullptr, {});
  for (const auto& cache : {std::optional<std::string>(), std::optional(folder / "cache")}) {
    const auto shared = build(&world, cache);
    REQUIRE(shared.train->size() == alone.train->size());
    std::vector<std::int32_t> wanted(7), tokens(7);
    for (std::int64_t i = 0; i < alone.train->size(); ++i) {
      alone.train->read(i, wanted);
      shared.train->read(i, tokens);
      CHECK(tokens == wanted);
    }
  }
}

}  // namespace
}  // namespace gpt::data
