#include <algorithm>
#include <cstdlib>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libgpt/data/blended_dataset.hpp"
#include "libgpt/data/gpt_dataset.hpp"
#include "libgpt/data/training_data.hpp"
#include "tests/unit/libgpt/data/sha256.hpp"

namespace gpt::data {
namespace {

using simdjson::dom::element;

template <class T>
bool equal(const element& list, std::span<const T> values) {
  std::vector<T> wanted;
  for (const element item : list) wanted.push_back(static_cast<T>(item.get_int64().value()));
  return std::equal(wanted.begin(), wanted.end(), values.begin(), values.end());
}

void check_tokens(const element& part, const SampleSource& source) {
  const auto over = part["tokens_sha256_over_samples"].get_int64().value();
  REQUIRE(source.size() >= over);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(source.sequence_length() + 1));
  std::vector<std::uint16_t> all;
  for (std::int64_t i = 0; i < over; ++i) {
    source.read(i, tokens);
    all.insert(all.end(), tokens.begin(), tokens.end());
  }
  CHECK(sha256_hex(std::as_bytes(std::span(all))) == std::string(part["tokens_sha256"].get_c_str().value()));
}

void check_indices(const element& part, const SampleIndices& indices) {
  CHECK(equal(part["document_index"].value(), indices.documents));
  CHECK(equal(part["shuffle_index"].value(), indices.shuffle));
  CHECK(sha256_hex(std::as_bytes(indices.samples)) ==
        std::string(part["sample_index_sha256"].get_c_str().value()));
}

void check_blend(const element& part, const BlendIndex& index) {
  CHECK(equal(part["dataset_index"].value(), std::span<const std::int16_t>(index.dataset)));
  CHECK(equal(part["dataset_sample_index"].value(), std::span<const std::int64_t>(index.sample)));
}

TrainingData build(const element& run, const std::string& folder) {
  std::vector<WeightedPath> paths;
  const simdjson::dom::array prefixes = run["prefixes"].get_array();
  for (const element prefix : prefixes) {
    paths.push_back({std::nullopt, folder + "/" + prefix.get_c_str().value() + "_text_document"});
  }
  if (!run["weights"].is_null()) {
    std::size_t i = 0;
    const simdjson::dom::array weights = run["weights"].get_array();
    for (const element weight : weights) paths[i++].weight = weight.get_double().value();
  }
  WantedSamples wanted{};
  std::size_t i = 0;
  const simdjson::dom::array samples = run["samples"].get_array();
  for (const element count : samples) wanted[i++] = count.is_null() ? 0 : count.get_int64().value();
  SamplingConfig config;
  config.sequence_length = run["seq_length"].get_int64();
  config.seed = static_cast<std::uint32_t>(run["seed"].get_int64().value());
  return build_training_data_or_throw(paths, Split::parse_or_throw(run["split"].get_c_str().value()), wanted,
                                      config);
}

// Returns how many parts of runs were compared.
std::size_t check_runs(const std::string& golden) {
  simdjson::dom::parser parser;
  const simdjson::dom::object runs = parser.load(golden + "/samples.json").get_object();
  std::size_t parts = 0;
  for (const auto [name, run] : runs) {
    const auto data = build(run, golden);
    const simdjson::dom::object run_parts = run["parts"].get_object();
    for (const auto [part_name, part] : run_parts) {
      CAPTURE(std::string(name));
      CAPTURE(std::string(part_name));
      const auto& source = part_name == "train" ? data.train : part_name == "valid" ? data.valid : data.test;
      REQUIRE(source != nullptr);
      CHECK(source->size() == part["len"].get_int64().value());
      check_tokens(part, *source);
      if (const auto* plain = dynamic_cast<const GptDataset*>(source.get())) {
        check_indices(part, plain->indices());
      } else {
        check_blend(part, dynamic_cast<const BlendedDataset&>(*source).index());
      }
      ++parts;
    }
  }
  return parts;
}

TEST_CASE("samples equal Megatron-Core's") {
  CHECK(check_runs(GPT_SOURCE_DIR "/tests/data/golden") == 8);
  const char* folder = std::getenv("GPT_TEST_DATA");
  if (folder == nullptr) {
    MESSAGE("GPT_TEST_DATA is unset, so Megatron's samples of the larger datasets are not compared");
    return;
  }
  CHECK(check_runs(std::string(folder) + "/golden") == 14);
}

}  // namespace
}  // namespace gpt::data
