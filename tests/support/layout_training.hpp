#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/data/training_data.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/train/trainer.hpp"

// A short training run that any layout can make, for tests of what the layout must not change.
namespace gpt::test {

// Patterns with some noise in them; token 0 ends documents; tokens above kSeen never come.
class PatternSource : public data::SampleSource {
 public:
  static constexpr std::int32_t kSeen = 59;
  std::int64_t size() const override { return 4096; }
  std::int64_t sequence_length() const override { return 16; }
  void read(std::int64_t i, std::span<std::int32_t> tokens) const override {
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      const auto place = static_cast<std::int64_t>(t);
      const std::int64_t noise = (i * 2654435761 + place * 40503) % 7 == 0 ? i * 31 + place * 17 : 0;
      tokens[t] = static_cast<std::int32_t>((i * 11 + place * (1 + i % 3) + noise) % kSeen);
    }
  }
  std::vector<data::DatasetShare> shares() const override { return {}; }
};

inline model::ModelConfig layout_model() {
  model::ModelConfig config;
  config.shape.layers = 8;
  config.shape.hidden = 32;
  config.shape.heads = 8;
  config.shape.positions = 16;
  config.shape.vocabulary = 67;
  config.attention_dropout = 0.1;
  config.hidden_dropout = 0.1;
  return config;
}

inline train::TrainConfig layout_run_config(std::int64_t iterations) {
  train::TrainConfig config;
  config.micro_batch_size = 1;
  config.global_batch_size = 8;
  config.train_iterations = iterations;
  config.eval_interval = 0;
  config.eval_iterations = 1;
  config.optimizer.weight_decay = 0.1;
  config.schedule = {2e-3, 2e-4, optim::DecayStyle::cosine, 8 * 10, 8 * 40};
  config.documents = {0, true, true, true};
  return config;
}

struct LayoutCase {
  std::string name;
  cost::Layout layout;
  model::RecomputeConfig recompute;
};

struct LayoutOutcome {
  std::vector<double> losses;
  std::vector<double> norms;
  double validation_loss = 0;
  std::vector<float> weights;  // of the whole model, on every rank
};

struct StepRecorder : train::Observer {
  LayoutOutcome outcome;
  void on_step(const train::StepMetrics& metrics) override {
    outcome.losses.push_back(metrics.loss);
    outcome.norms.push_back(metrics.gradient_norm);
  }
  void on_evaluation(const train::EvaluationMetrics&) override {}
  void on_saved(std::int64_t, const std::string&) override {}
};

inline model::Stage<float> layout_stage(const model::ModelConfig& config, const LayoutCase& what,
                                        const comm::ParallelGroups& groups) {
  const auto rows = what.layout.sequence == cost::Sequence::parallel ? model::SequenceRows::split
                                                                     : model::SequenceRows::whole;
  return {config,
          {model::model_part(config.shape, what.layout, groups.place), rows, what.recompute},
          *groups.tensor};
}

// The whole model's weights from what the ranks hold. Collective.
inline std::vector<float> gathered_weights(const model::Stage<float>& stage,
                                           const comm::ParallelGroups& groups) {
  const model::ParameterLayout whole(stage.config().shape);
  std::vector<float> weights(whole.buffer_size());
  for (const auto& parameter : stage.layout().parameters()) {
    const bool elsewhere = parameter.tied_copy || (parameter.replicated() && groups.place.tensor != 0);
    if (elsewhere || groups.place.data != 0) continue;
    const auto values = model::tensor_of(stage.weights(), parameter);
    const auto target = model::tensor_of(std::span<float>(weights), *whole.find(parameter.name));
    for (const auto& run : model::runs_of(parameter.part)) {
      std::copy_n(values.begin() + run.local, run.count, target.begin() + run.global);
    }
  }
  groups.world->all_reduce(std::span<float>(weights));
  return weights;
}

// Where a run goes on from and what it leaves.
struct RunFolders {
  std::string load, save;  // empty: none
};

// As few micro batches as keep a pipeline busy, since every layer of each is messages between tensor ranks.
inline std::int64_t micro_batch_size(const cost::Layout& layout, std::int64_t global_batch_size) {
  const std::int64_t samples = global_batch_size / layout.data;  // of a replica
  return samples / std::min(samples, std::max<std::int64_t>(layout.pipeline, 2));
}

inline LayoutOutcome train_at(const LayoutCase& what, const comm::ParallelGroups& groups,
                              train::TrainConfig config, const RunFolders& folders = {},
                              std::int64_t stop_after = 0) {
  const data::TrainingData data{std::make_unique<PatternSource>(), std::make_unique<PatternSource>(),
                                nullptr};
  config.micro_batch_size = micro_batch_size(what.layout, config.global_batch_size);
  auto stage = layout_stage(layout_model(), what, groups);
  stage.initialise(config.seed);
  StepRecorder recorder;
  train::SavePlan plan;
  if (!folders.save.empty()) plan.folder = folders.save;
  // Every rank counts the steps, but one alone asks to stop.
  const bool asks = groups.world->rank() == groups.world->size() - 1;
  train::Trainer trainer(config, plan, stage, groups, data, recorder, [&] {
    return asks && stop_after > 0 && recorder.outcome.losses.size() == static_cast<std::size_t>(stop_after);
  });
  if (!folders.load.empty()) {
    auto folder = checkpoint::ModelFolder::open_or_throw(folders.load);
    trainer.restore_or_throw(folder, train::Restore::all);
  }
  const auto result = trainer.run();
  recorder.outcome.validation_loss = result.validation_loss.value_or(NAN);
  recorder.outcome.weights = gathered_weights(stage, groups);
  return recorder.outcome;
}

// What is no number is larger than all.
inline double larger(double largest, double difference) {
  return !(difference <= largest) && !std::isnan(largest) ? difference : largest;
}

// The largest difference of weights, those left out that get no gradient but rounding: the keys' biases and
// embeddings of tokens that never come.
inline double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  const auto shape = layout_model().shape;
  const model::ParameterLayout layout(shape);
  if (a.size() != layout.buffer_size() || b.size() != a.size()) return INFINITY;
  double largest = 0;
  for (const auto& parameter : layout.parameters()) {
    for (std::size_t i = 0; i < parameter.count; ++i) {
      const auto place = static_cast<std::int64_t>(i);
      if (parameter.site == model::ParameterSite::attention_qkv && !parameter.decayed() &&
          place / shape.hidden == 1) {
        continue;
      }
      if (parameter.site == model::ParameterSite::token_embedding &&
          place / shape.hidden >= PatternSource::kSeen) {
        continue;
      }
      const std::size_t at = parameter.offset + i;
      largest = larger(largest, std::abs(a[at] - b[at]));
    }
  }
  return largest;
}

inline double largest_relative_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = larger(largest, std::abs(a[i] / b[i] - 1));
  return largest;
}

}  // namespace gpt::test
