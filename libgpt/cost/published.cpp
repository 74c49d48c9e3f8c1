#include "libgpt/cost/published.hpp"

namespace gpt::cost {
namespace {

constexpr std::int64_t kScalingSequence = 2048;
constexpr std::int64_t kScalingVocabulary = 51200;

constexpr Gpt3Model kGpt3[] = {
    {"GPT-3 Small", "125M", 12, 768, 12, 64, 0.5e6, 6.0e-4},
    {"GPT-3 Medium", "350M", 24, 1024, 16, 64, 0.5e6, 3.0e-4},
    {"GPT-3 Large", "760M", 24, 1536, 16, 96, 0.5e6, 2.5e-4},
    {"GPT-3 XL", "1.3B", 24, 2048, 24, 128, 1e6, 2.0e-4},
    {"GPT-3 2.7B", "2.7B", 32, 2560, 32, 80, 1e6, 1.6e-4},
    {"GPT-3 6.7B", "6.7B", 32, 4096, 32, 128, 2e6, 1.2e-4},
    {"GPT-3 13B", "13.0B", 40, 5140, 40, 128, 2e6, 1.0e-4},
    {"GPT-3 175B", "175.0B", 96, 12288, 96, 128, 3.2e6, 0.6e-4},
};

constexpr ScalingRun kScaling[] = {
    {24, 2304, 24, 1, 1, 32, 16, 512, 1.7, 137},         {32, 3072, 30, 2, 1, 64, 16, 512, 3.6, 138},
    {32, 4096, 36, 4, 1, 128, 16, 512, 7.5, 142},        {48, 6144, 40, 8, 1, 256, 8, 1024, 18.4, 135},
    {64, 8192, 48, 8, 2, 512, 4, 1536, 39.1, 138},       {80, 10240, 60, 8, 4, 1024, 2, 1792, 76.1, 140},
    {96, 12288, 80, 8, 8, 1536, 2, 2304, 145.6, 148},    {128, 16384, 96, 8, 16, 1920, 1, 2160, 310.1, 155},
    {128, 20480, 105, 8, 35, 2520, 1, 2520, 529.6, 163}, {160, 25600, 128, 8, 64, 3072, 1, 3072, 1008.0, 163},
};

constexpr RecomputeRun kRecompute[] = {
    {"22B", 64, 6144, 48, 8, 1, 1, 4, 8, 4, 1.42, 1.10},
    {"175B", 96, 12288, 96, 8, 8, 3, 1, 64, 64, 18.13, 13.75},
    {"530B", 128, 20480, 105, 8, 35, 3, 1, 280, 280, 49.05, 37.83},
    {"1T", 160, 25600, 128, 8, 64, 1, 1, 512, 512, 94.42, 71.49},
};

constexpr TrainingCase kTraining[] = {
    {"GPT-3 175B, 300 billion tokens", 300e9, 175e9, 1024, 140, 33.9},
    {"1T, 450 billion tokens", 450e9, 1e12, 3072, 163, 83.2},
    {"gpt3_2.7B", 300e9, 2.7e9, 480, 127, 1.2},
    {"gpt3_6.7B", 300e9, 6.7e9, 480, 130, 3.0},
    {"gpt3_13B", 300e9, 13e9, 480, 135, 5.6},
    {"gpt3_175B", 300e9, 175e9, 480, 140, 72.3},
};

ModelShape scaling_shape(std::int64_t layers, std::int64_t hidden, std::int64_t heads) {
  return {.layers = layers,
          .hidden = hidden,
          .heads = heads,
          .positions = kScalingSequence,
          .vocabulary = kScalingVocabulary};
}

}  // namespace

std::span<const Gpt3Model> gpt3_models() { return kGpt3; }
std::span<const ScalingRun> scaling_runs() { return kScaling; }
std::span<const RecomputeRun> recompute_runs() { return kRecompute; }
std::span<const TrainingCase> training_cases() { return kTraining; }

ModelShape shape_of(const Gpt3Model& model) {
  return {.layers = model.layers,
          .hidden = model.hidden,
          .heads = model.heads,
          .positions = 2048,
          .vocabulary = 50257,
          .kv_channels = model.head_size};
}

ModelShape shape_of(const ScalingRun& run) { return scaling_shape(run.layers, run.hidden, run.heads); }

Layout layout_of(const ScalingRun& run) {
  return {.tensor = run.tensor, .pipeline = run.pipeline, .data = run.gpus / (run.tensor * run.pipeline)};
}

Batch batch_of(const ScalingRun& run) { return {kScalingSequence, run.micro_batch, run.global_batch}; }

ModelShape shape_of(const RecomputeRun& run) { return scaling_shape(run.layers, run.hidden, run.heads); }

Layout layout_of(const RecomputeRun& run, Sequence sequence) {
  return {.tensor = run.tensor,
          .pipeline = run.pipeline,
          .data = run.gpus / (run.tensor * run.pipeline),
          .virtual_stages = run.virtual_stages,
          .sequence = sequence};
}

Batch batch_of(const RecomputeRun& run) { return {kScalingSequence, run.micro_batch, run.global_batch}; }

}  // namespace gpt::cost
