#include "libgpt/data/shared_indices.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>

#include <doctest/doctest.h>

#include "libgpt/data/errors.hpp"
#include "libgpt/data/training_data.hpp"
#include "tests/support/thread_communicator.hpp"
#include "tests/unit/libgpt/data/sample_dataset.hpp"

namespace gpt::data {
namespace {

constexpr int kRanks = 3;

SamplingConfig config_of(comm::Communicator* world, std::optional<std::string> cache) {
  SamplingConfig config;
  config.sequence_length = 6;
  config.cache_folder = std::move(cache);
  config.world = world;
  return config;
}

std::vector<std::int32_t> all_tokens(const SampleSource& source) {
  std::vector<std::int32_t> tokens, all;
  tokens.resize(static_cast<std::size_t>(source.sequence_length() + 1));
  for (std::int64_t i = 0; i < source.size(); ++i) {
    source.read(i, tokens);
    all.insert(all.end(), tokens.begin(), tokens.end());
  }
  return all;
}

TEST_CASE("ranks share the samples that one of them makes") {
  const ScratchFolder scratch;
  write_counting_dataset(scratch / "a", {5, 9, 0, 30, 2, 11}, 100);
  write_counting_dataset(scratch / "b", {50, 40}, 100);
  for (const auto& arguments : {std::vector<std::string>{scratch / "a"},
                                std::vector<std::string>{"3", scratch / "a", "1", scratch / "b"}}) {
    const auto paths = parse_data_paths_or_throw(arguments);
    const auto split = Split::parse_or_throw("4,2,0");
    const auto alone = build_training_data_or_throw(paths, split, {40, 7, 0}, config_of(nullptr, {}));
    for (const bool cached : {false, true, true}) {  // the second time the cache is there
      const auto cache = cached ? std::optional(scratch / "cache") : std::nullopt;
      test::run_ranks(kRanks, [&](comm::Communicator& world) {
        const auto data = build_training_data_or_throw(paths, split, {40, 7, 0}, config_of(&world, cache));
        CHECK(all_tokens(*data.train) == all_tokens(*alone.train));
        CHECK(all_tokens(*data.valid) == all_tokens(*alone.valid));
        CHECK(data.test == nullptr);
        CHECK(data.train->shares()[0].epochs == alone.train->shares()[0].epochs);
      });
    }
  }
}

TEST_CASE("indices are made once, by rank 0; with a cache the others map what it stored") {
  const ScratchFolder scratch;
  const std::vector<std::int32_t> lengths = {40, 3, 17, 80};
  const SampleIndexRequest request = {{0, 4}, 8, 10, 1234};
  const IndexCache cache = {scratch / "cache", "d", Part::train};
  std::atomic<int> made = 0;
  std::mutex mutex;
  std::vector<SampleIndices> seen;
  test::run_ranks(kRanks, [&](comm::Communicator& world) {
    const auto indices = share_sample_indices_or_throw(world, cache, request, [&] {
      ++made;
      CHECK(world.rank() == 0);
      return load_or_build_sample_indices_or_throw(cache, lengths, request);
    });
    const std::lock_guard lock(mutex);
    seen.push_back(indices);
  });
  CHECK(made == 1);
  REQUIRE(seen.size() == kRanks);
  // What changes in the file changes for all of them.
  std::fstream file(scratch / "cache/d_train_indexmap_10ns_8sl_1234s_shuffle_idx.npy",
                    std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-4, std::ios::end);
  file.write("\x07\x00\x00\x00", 4);
  file.close();
  for (const auto& indices : seen) CHECK(indices.shuffle.back() == 7);
}

// What each rank is told.
std::vector<std::string> refusals(const std::function<void(comm::Communicator&)>& act) {
  std::vector<std::string> said(kRanks);
  test::run_ranks(kRanks, [&](comm::Communicator& world) {
    try {
      act(world);
    } catch (const SampleError& error) {
      said[static_cast<std::size_t>(world.rank())] = error.what();
    }
  });
  return said;
}

TEST_CASE("what rank 0 finds wrong is known to all") {
  const ScratchFolder scratch;
  write_counting_dataset(scratch / "d", {5, 9, 0}, 100);
  const auto build = [&](const char* split, const std::optional<std::string>& cache = {}) {
    const auto said = refusals([&](comm::Communicator& world) {
      build_training_data_or_throw(parse_data_paths_or_throw({scratch / "d"}), Split::parse_or_throw(split),
                                   {10, 4, 0}, config_of(&world, cache));
    });
    for (const auto& text : said) CHECK(text == said[0]);
    return said[0];
  };
  CHECK(
      build("969,30,1").find("4 valid samples are wanted, but the valid part of --split 969,30,1 holds no") !=
      std::string::npos);
  std::ofstream(scratch / "file") << "x";
  CHECK(build("1,1,0", scratch / "file/cache").find("rank 0: " + (scratch / "file/cache")) == 0);
  std::filesystem::resize_file(scratch / "d.bin", 20);
  CHECK(build("1,1,0").find(scratch / "d") != std::string::npos);
}

TEST_CASE("a cache that other ranks cannot reach is named") {
  const ScratchFolder scratch;
  const std::vector<std::int32_t> lengths = {40, 3, 17, 80};
  const SampleIndexRequest request = {{0, 4}, 8, 10, 1234};
  const auto said = refusals([&](comm::Communicator& world) {
    const IndexCache cache = {scratch / std::to_string(world.rank()), "d", Part::train};
    share_sample_indices_or_throw(world, cache, request, [&] {
      return load_or_build_sample_indices_or_throw(cache, lengths, request);
    });
  });
  for (const auto& text : said) {
    CHECK(text.find("rank 1: " + (scratch / "1")) == 0);
    CHECK(text.find("a folder that all ranks share") != std::string::npos);
  }
}

}  // namespace
}  // namespace gpt::data
