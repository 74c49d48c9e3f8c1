#include "libgpt/ops/cuda/product_choices.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "libgpt/ops/cuda/product.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace gpt::ops;

namespace {

ProductAlgorithm algorithm(std::uint64_t seed) {
  ProductAlgorithm words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = (seed + i) * 0x9E3779B97F4A7C15u;
  return words;
}

ProductChoices some_choices() {
  ProductChoices choices("NVIDIA H200", "130001");
  choices.put("one", algorithm(1));
  choices.put("two", algorithm(2));
  return choices;
}

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

TEST_CASE("the text of a kind of product tells all kinds apart") {
  ProductKind kind{"bf16", "f32", 1024, 768, 3072, true, false, 1024, 768, 768, true, false, 16};
  CHECK(kind.text() == "bf16 -> f32 1024x768x3072 A' B strides 1024 768 768 add aligned 16");
  ProductKind other = kind;
  other.bias = true;
  CHECK(other.text() != kind.text());
  other = kind;
  other.stride_c = 1536;
  CHECK(other.text() != kind.text());
  other = kind;
  other.alignment = 2;
  CHECK(other.text() != kind.text());
}

TEST_CASE("algorithms survive as text, and what is no algorithm is not taken for one") {
  const ProductAlgorithm words = algorithm(7);
  const std::string text = algorithm_text(words);
  CHECK(text.size() == 128);
  CHECK(parse_algorithm(text) == words);
  CHECK_FALSE(parse_algorithm(text.substr(1)).has_value());
  CHECK_FALSE(parse_algorithm("g" + text.substr(1)).has_value());
  CHECK_FALSE(parse_algorithm("").has_value());
}

TEST_CASE("choices survive as JSON; every cut and every other shape of JSON is refused") {
  const std::string json = some_choices().to_json();
  const auto read = ProductChoices::parse(json);
  REQUIRE(read.has_value());
  CHECK(read->to_json() == json);
  CHECK(read->find("two") == algorithm(2));
  CHECK(read->device() == "NVIDIA H200");
  for (std::size_t end = 0; end < json.size(); ++end) {
    CHECK_FALSE(ProductChoices::parse(json.substr(0, end)).has_value());
  }
  CHECK_FALSE(ProductChoices::parse("[]").has_value());
  CHECK_FALSE(ProductChoices::parse(R"({"cublas": 1, "device": "a", "choices": {}})").has_value());
  CHECK_FALSE(ProductChoices::parse(R"({"cublas": "1", "device": "a", "choices": {"x": "12"}})").has_value());
  CHECK(ProductChoices::parse(R"({"cublas": "1", "device": "a", "choices": {}})")->size() == 0);
}

TEST_CASE("of several ranks' choices the first that knows a product counts") {
  ProductChoices first("NVIDIA H200", "130001"), second = first, third("NVIDIA A100", "130001");
  first.put("one", algorithm(1));
  second.put("one", algorithm(10));
  second.put("two", algorithm(20));
  third.put("three", algorithm(30));
  const std::string records[] = {"", first.to_json(), second.to_json(), third.to_json()};
  const auto merged = ProductChoices::parse(merged_product_choices(records));
  REQUIRE(merged.has_value());
  CHECK(merged->find("one") == algorithm(1));
  CHECK(merged->find("two") == algorithm(20));
  CHECK_FALSE(merged->find("three").has_value());
  CHECK(merged_product_choices({}).empty());
}

TEST_CASE("choices are kept between runs, and a damaged, foreign or unwritable file costs only time") {
  const gpt::test::ScratchFolder folder;
  const std::string below = folder.path() + "/not/there/yet";
  const ProductCache cache(below);
  const ProductChoices choices = some_choices();
  CHECK(cache.load(choices).size() == 0);
  cache.keep(choices);
  CHECK(cache.load(choices).to_json() == choices.to_json());

  ProductChoices more("NVIDIA H200", "130001");
  more.put("three", algorithm(3));
  cache.keep(more);
  CHECK(cache.load(choices).size() == 3);

  const ProductChoices newer("NVIDIA H200", "130100");
  CHECK(cache.load(newer).size() == 0);  // an algorithm means something else to another version

  write(cache.path(choices), "{\"cublas\": \"13");
  CHECK(cache.load(choices).size() == 0);
  cache.keep(more);
  CHECK(cache.load(choices).size() == 1);

  write(cache.path(choices), newer.to_json());  // renamed by hand
  CHECK(cache.load(choices).size() == 0);

  const ProductCache nowhere("");
  nowhere.keep(choices);
  CHECK(nowhere.load(choices).size() == 0);
  const ProductCache impossible(cache.path(choices) + "/folder");
  impossible.keep(choices);
  CHECK(impossible.load(choices).size() == 0);
}
