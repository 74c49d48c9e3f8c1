#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/checkpoint/model_folder.hpp"
#include "tests/unit/libgpt/checkpoint/sample_model.hpp"

// Checkpoints of sample models, held against what was saved.
namespace gpt::checkpoint {

inline std::vector<float> read_all(TensorSet& set, const model::ParameterLayout& layout) {
  std::vector<float> values(layout.buffer_size(), 0.0F);
  read_parameters_or_throw(set, layout, values);
  return values;
}

// The samples' buffers without the gaps between tensors, which are never saved.
inline std::vector<float> saved_part(const model::ParameterLayout& layout, const std::vector<float>& buffer) {
  std::vector<float> values(buffer.size(), 0.0F);
  for (const auto& parameter : layout.parameters()) {
    std::copy_n(buffer.begin() + static_cast<std::ptrdiff_t>(parameter.offset), parameter.count,
                values.begin() + static_cast<std::ptrdiff_t>(parameter.offset));
  }
  return values;
}

inline void check_equal(const std::string& folder, const SampleModel& sample) {
  auto model = ModelFolder::open_or_throw(folder);
  CHECK(read_all(model.weights(), sample.layout) == saved_part(sample.layout, sample.weights));
  auto exp_avg = model.open_optimizer_or_throw(OptimizerMoment::exp_avg);
  auto exp_avg_sq = model.open_optimizer_or_throw(OptimizerMoment::exp_avg_sq);
  REQUIRE(exp_avg.has_value());
  REQUIRE(exp_avg_sq.has_value());
  CHECK(read_all(*exp_avg, sample.layout) == saved_part(sample.layout, sample.exp_avg));
  CHECK(read_all(*exp_avg_sq, sample.layout) == saved_part(sample.layout, sample.exp_avg_sq));
}

// Every file of a checkpoint has the checksums that were saved with it, and no file is missing.
inline void check_checksums(const std::string& folder) {
  const auto table = read_checksums_or_throw(folder);
  REQUIRE(table.has_value());
  for (const char* name : {"config.json", "model.safetensors", "optimizer/exp_avg.safetensors",
                           "optimizer/exp_avg_sq.safetensors", "trainer_state.json", "vocab.json"})
    CHECK(table->count(name) == 1);
  for (const auto& [name, sums] : *table)
    CHECK_NOTHROW(verify_content_or_throw(*table, name, folder + "/" + name, slurp(folder + "/" + name)));
}

// Every checkpoint under a final name is whole, as every chunk's checksum says, and `latest` names one.
inline void check_all_complete(const std::string& folder,
                               const cost::ModelShape& shape = SampleModel::config().model.shape) {
  const auto model = ModelFolder::open_or_throw(folder);
  CHECK(model.trainer_state_or_throw().has_value());
  for (const auto& name : names_in(folder)) {
    if (name.find("iter_") != 0 || name.find(".tmp") != std::string::npos) continue;
    check_checksums(folder + "/" + name);
    check_equal(folder + "/" + name, SampleModel(static_cast<float>(std::stoi(name.substr(5))), shape));
  }
}

}  // namespace gpt::checkpoint
