#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"

namespace gpt::cost {

// What papers print; everything computed from it is computed by this library.

// GPT-3's eight models (arXiv 2005.14165, table 2.1), as printed there: heads x head size is not the hidden
// size for XL and 13B.
struct Gpt3Model {
  std::string_view name;
  std::string_view published_parameters;
  std::int64_t layers = 0;
  std::int64_t hidden = 0;
  std::int64_t heads = 0;
  std::int64_t head_size = 0;
  double batch_tokens = 0;
  double learning_rate = 0;
};
std::span<const Gpt3Model> gpt3_models();
// Its shape with GPT-2's vocabulary and 2048 positions, for parameter_formula.
ModelShape shape_of(const Gpt3Model& model);

// Weak scaling on A100s (arXiv 2104.04473, table 1): sequences of 2048, a vocabulary of 51200, full
// recomputation.
struct ScalingRun {
  std::int64_t heads = 0;
  std::int64_t hidden = 0;
  std::int64_t layers = 0;
  std::int64_t tensor = 0;
  std::int64_t pipeline = 0;
  std::int64_t gpus = 0;
  std::int64_t micro_batch = 0;
  std::int64_t global_batch = 0;
  double published_billions = 0;
  double teraflops = 0;  // measured, a GPU
};
std::span<const ScalingRun> scaling_runs();
ModelShape shape_of(const ScalingRun& run);
Layout layout_of(const ScalingRun& run);
Batch batch_of(const ScalingRun& run);

// Iteration times with full recomputation and with sequence parallelism and selective recomputation on
// A100s (arXiv 2205.05198, table 5): sequences of 2048, a vocabulary of 51200.
struct RecomputeRun {
  std::string_view name;
  std::int64_t heads = 0;
  std::int64_t hidden = 0;
  std::int64_t layers = 0;
  std::int64_t tensor = 0;
  std::int64_t pipeline = 0;
  std::int64_t virtual_stages = 0;
  std::int64_t micro_batch = 0;
  std::int64_t gpus = 0;
  std::int64_t global_batch = 0;
  double full_seconds = 0;
  double selective_seconds = 0;
};
std::span<const RecomputeRun> recompute_runs();
ModelShape shape_of(const RecomputeRun& run);
Layout layout_of(const RecomputeRun& run, Sequence sequence);
Batch batch_of(const RecomputeRun& run);

// Training times worked out in print, with full recomputation.
struct TrainingCase {
  std::string_view name;
  double tokens = 0;
  double parameters = 0;
  double gpus = 0;
  double teraflops = 0;
  double published_days = 0;
};
std::span<const TrainingCase> training_cases();

}  // namespace gpt::cost
