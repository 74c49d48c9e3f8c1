#pragma once

#include <memory>
#include <span>
#include <vector>

#include "libgpt/data/training_data.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/train/trainer.hpp"

namespace gpt::counting {

// Sequences that count upwards by 1 or 2 from changing starts: easy to learn.
class Source : public data::SampleSource {
 public:
  std::int64_t size() const override { return 100000; }
  std::int64_t sequence_length() const override { return 12; }
  void read(std::int64_t i, std::span<std::int32_t> tokens) const override {
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      tokens[t] = static_cast<std::int32_t>((i * 7 + static_cast<std::int64_t>(t) * (1 + i % 2)) % 29);
    }
  }
  std::vector<data::DatasetShare> shares() const override { return {}; }
};

inline data::TrainingData data() { return {std::make_unique<Source>(), std::make_unique<Source>(), nullptr}; }

inline model::ModelConfig model() {
  model::ModelConfig config;
  config.shape.layers = 2;
  config.shape.hidden = 32;
  config.shape.heads = 4;
  config.shape.positions = 12;
  config.shape.vocabulary = 29;
  return config;
}

inline train::TrainConfig run(std::int64_t iterations) {
  train::TrainConfig config;
  config.micro_batch_size = 2;
  config.global_batch_size = 4;
  config.train_iterations = iterations;
  config.eval_interval = 5;
  config.eval_iterations = 2;
  config.schedule = {5e-3, 1e-4, optim::DecayStyle::cosine, 8, 4 * 40};
  return config;
}

struct Recorder : train::Observer {
  std::vector<train::StepMetrics> steps;
  std::vector<train::EvaluationMetrics> evaluations;
  std::vector<std::int64_t> saved;
  void on_step(const train::StepMetrics& metrics) override { steps.push_back(metrics); }
  void on_evaluation(const train::EvaluationMetrics& metrics) override { evaluations.push_back(metrics); }
  void on_saved(std::int64_t iteration, const std::string&) override { saved.push_back(iteration); }
};

inline bool never() { return false; }

// A stage of a rank in its groups, with or without sequence parallelism as the layout says.
inline model::Stage<float> stage_of(const model::ModelConfig& config, const comm::ParallelGroups& groups,
                                    const model::RecomputeConfig& recompute = {}) {
  const auto rows = groups.layout.sequence == cost::Sequence::parallel ? model::SequenceRows::split
                                                                       : model::SequenceRows::whole;
  return {config,
          {model::model_part(config.shape, groups.layout, groups.place), rows, recompute},
          *groups.tensor};
}

}  // namespace gpt::counting
