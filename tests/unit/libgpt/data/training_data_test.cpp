#include "libgpt/data/training_data.hpp"

#include <functional>

#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "libgpt/data/errors.hpp"
#include "tests/unit/libgpt/data/sample_dataset.hpp"

namespace gpt::data {
namespace {

std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const SampleError& error) {
    return error.what();
  }
  return "accepted";
}

SamplingConfig of_length(std::int64_t sequence_length) {
  SamplingConfig config;
  config.sequence_length = sequence_length;
  return config;
}

void check_says(const std::string& message, const std::string& part) {
  CAPTURE(message);
  CHECK(message.find(part) != std::string::npos);
}

TEST_CASE("data paths are one prefix, or weights and prefixes by turns") {
  CHECK_FALSE(parse_data_paths_or_throw({"a"})[0].weight.has_value());
  const auto paths = parse_data_paths_or_throw({"0.7", "a", "3", "b"});
  REQUIRE(paths.size() == 2);
  CHECK(paths[0].weight == 0.7);
  CHECK(paths[1].prefix == "b");
  check_says(refusal([] { parse_data_paths_or_throw({"a", "b"}); }), "a is no positive weight");
  check_says(refusal([] { parse_data_paths_or_throw({"1", "a", "0", "b"}); }), "0 is no positive weight");
  check_says(refusal([] { parse_data_paths_or_throw({"1", "a", "2"}); }), "2 has no dataset");
  check_says(refusal([] { parse_data_paths_or_throw({}); }), "no dataset");
}

TEST_CASE("wanted samples are Megatron's") {
  CHECK(wanted_samples(100, 8, 30, 5) == WantedSamples{800, 160, 40});
  CHECK(wanted_samples(100, 8, 0, 5) == WantedSamples{800, 40, 40});
}

TEST_CASE("samples are the tokens of the documents in shuffled order") {
  const ScratchFolder scratch;
  write_counting_dataset(scratch / "d", {5, 9, 0, 30, 2}, 100);
  const auto data = build_training_data_or_throw(parse_data_paths_or_throw({scratch / "d"}),
                                                 Split::parse_or_throw("100,0,0"), {20, 0, 0}, of_length(6));
  CHECK(data.valid == nullptr);
  CHECK(data.test == nullptr);
  REQUIRE(data.train->size() >= 20);
  // Each token is 100 · document + place, so the successor of a token is known except at a document's end.
  const std::vector<std::int32_t> lengths = {5, 9, 0, 30, 2};
  std::vector<std::int32_t> tokens(7);
  for (std::int64_t i = 0; i < data.train->size(); ++i) {
    data.train->read(i, tokens);
    for (std::size_t k = 0; k + 1 < tokens.size(); ++k) {
      const auto place = tokens[k] % 100;
      if (place + 1 < lengths[static_cast<std::size_t>(tokens[k] / 100)]) {
        REQUIRE(tokens[k + 1] == tokens[k] + 1);
      } else {
        REQUIRE(tokens[k + 1] % 100 == 0);
      }
    }
  }
  const auto shares = data.train->shares();
  REQUIRE(shares.size() == 1);
  CHECK(shares[0].tokens == 46);
  CHECK(shares[0].samples == 20);
  CHECK(shares[0].epochs == doctest::Approx(120.0 / 46));
}

TEST_CASE("an empty part of which samples are wanted is named") {
  const ScratchFolder scratch;
  write_counting_dataset(scratch / "d", {5, 9, 0}, 100);
  const auto paths = parse_data_paths_or_throw({scratch / "d"});
  const auto build = [&](const char* split, WantedSamples wanted) {
    build_training_data_or_throw(paths, Split::parse_or_throw(split), wanted, of_length(4));
  };
  const auto message = refusal([&] { build("969,30,1", {10, 4, 0}); });
  check_says(message, scratch / "d");
  check_says(message, "4 valid samples are wanted");
  check_says(message, "--split 969,30,1 holds no document");
  check_says(refusal([&] { build("2,1,0", {10, 4, 0}); }), "valid part");  // only the empty document is in it
  CHECK(refusal([&] { build("969,30,1", {10, 0, 0}); }) == "accepted");
  CHECK_THROWS_AS(build_training_data_or_throw(parse_data_paths_or_throw({scratch / "none"}),
                                               Split::parse_or_throw("1"), {1, 0, 0}, of_length(4)),
                  io::IoError);
}

TEST_CASE("parts may come from datasets of their own") {
  const ScratchFolder scratch;
  write_counting_dataset(scratch / "a", {50}, 0);
  write_counting_dataset(scratch / "b", {60}, 0);
  const std::array<std::vector<WeightedPath>, 3> paths = {
      parse_data_paths_or_throw({"3", scratch / "a", "1", scratch / "b"}),
      parse_data_paths_or_throw({scratch / "b"}),
      {}};
  const auto data = build_training_data_or_throw(paths, {40, 5, 7}, of_length(8));
  REQUIRE(data.train != nullptr);
  CHECK(data.train->size() == 40);
  CHECK(data.train->shares()[0].weight == 0.75);
  CHECK(data.train->shares()[0].samples == 30);
  CHECK(data.train->shares()[1].samples == 10);
  CHECK(data.valid->size() == 7);
  CHECK(data.test == nullptr);
}

TEST_CASE("a blend of many datasets never runs out") {
  const ScratchFolder scratch;
  std::vector<std::string> arguments;
  for (int i = 0; i < 40; ++i) {
    const auto prefix = scratch / std::to_string(i);
    write_counting_dataset(prefix, {9}, 0);
    arguments.push_back("1");
    arguments.push_back(prefix);
  }
  const auto data = build_training_data_or_throw(parse_data_paths_or_throw(arguments),
                                                 Split::parse_or_throw("1"), {41, 0, 0}, of_length(8));
  std::vector<std::int32_t> tokens(9);
  for (std::int64_t i = 0; i < data.train->size(); ++i) data.train->read(i, tokens);
  CHECK(data.train->size() >= 41);
}

}  // namespace
}  // namespace gpt::data
