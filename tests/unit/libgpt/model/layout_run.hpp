#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <omp.h>

#include "libgpt/cost/layout.hpp"
#include "libgpt/model/stage.hpp"
#include "tests/support/thread_communicator.hpp"
#include "tests/unit/libgpt/model/small_model.hpp"

// A step of the small model at some layout: tensor ranks are threads, and each of them has all stages of the
// pipeline and hands the streams from one to the next.
namespace gpt::layout_run {

struct Layout {
  std::int64_t tensor = 1, pipeline = 1, virtual_stages = 1;
  model::SequenceRows rows = model::SequenceRows::whole;
  model::RecomputeConfig recompute = {};
};

// Whole tensors by name. What several ranks hold alike must be alike.
template <class T>
using Tensors = std::map<std::string, std::vector<T>>;

template <class T>
struct Result {
  model::LossSum loss;        // of training
  model::LossSum evaluation;  // without dropout
  Tensors<T> weights, gradients;
  std::size_t activation_bytes = 0;  // of tensor rank 0's first stage
  bool replicas_agree = true;
};

// Adds delta to one element of a whole tensor, wherever a rank holds it.
struct Nudge {
  std::string name;
  std::int64_t index = 0;
  double delta = 0;
};

enum class Put { set, add };

template <class T>
void put(const model::Parameter& parameter, std::span<const T> buffer, Put how, Result<T>& result,
         Tensors<T>& tensors) {
  const auto& part = parameter.part;
  auto& whole = tensors[parameter.name];
  const auto values = model::tensor_of(buffer, parameter);
  const bool seen = !whole.empty();
  whole.resize(static_cast<std::size_t>(part.rows * part.columns));
  for (const model::Run& run : model::runs_of(part)) {
    for (std::int64_t i = 0; i < run.count; ++i) {
      T& target = whole[static_cast<std::size_t>(run.global + i)];
      const T value = values[static_cast<std::size_t>(run.local + i)];
      if (how == Put::set && seen && parameter.replicated() && target != value) result.replicas_agree = false;
      target = how == Put::add ? target + value : value;
    }
  }
}

template <class T>
class Rank {
 public:
  Rank(const model::ModelConfig& config, const Layout& layout, comm::Communicator& group)
      : layout_(layout), group_(group) {
    for (std::int64_t s = 0; s < layout.pipeline; ++s) {
      model::StageConfig stage;
      const cost::Layout whole{layout.tensor, layout.pipeline, 1, layout.virtual_stages};
      stage.part = model::model_part(config.shape, whole, {group.rank(), 0, s});
      stage.rows = layout.rows;
      stage.recompute = layout.recompute;
      stages_.push_back(std::make_unique<model::Stage<T>>(config, stage, group));
      stages_.back()->initialise(5);
      small_model::move_weights<T>(stages_.back()->layout(), stages_.back()->weights());
      // Gaps stay what they are, tensors are replaced.
      gradients_.emplace_back(stages_.back()->weights().size(), T{7});
    }
  }

  void nudge(const Nudge& nudge) {
    for (auto& stage : stages_) {
      const model::Parameter* const parameter = stage->layout().find(nudge.name);
      if (parameter == nullptr) continue;
      for (const model::Run& run : model::runs_of(parameter->part)) {
        if (nudge.index < run.global || nudge.index >= run.global + run.count) continue;
        stage
            ->weights()[parameter->offset + static_cast<std::size_t>(run.local + nudge.index - run.global)] +=
            static_cast<T>(nudge.delta);
      }
    }
  }

  // All micro batches forward, then all backward.
  model::LossSum train(const std::vector<small_model::Batch>& batches) {
    streams_.clear();
    for (std::size_t j = 0; j < batches.size(); ++j) forward(j, batches[j].view());
    for (std::size_t j = 0; j < batches.size(); ++j) backward(j, batches[j].view());
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      stages_[s]->sum_sequence_parallel_gradients(gradients_[s]);
    }
    return taken_loss();
  }

  model::LossSum evaluate(const model::MicroBatch& batch) {
    std::vector<T> input;
    for (std::int64_t c = 0; c < chunks(); ++c) {
      std::vector<T> output(c + 1 == chunks() ? 0 : stage_of(c).stream_size(batch.sequences, batch.length));
      stage_of(c).evaluate(c / layout_.pipeline, batch, input, output);
      input = std::move(output);
    }
    return taken_loss();
  }

  void put_into(Result<T>& result) {
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      for (const auto& parameter : stages_[s]->layout().parameters()) {
        put<T>(parameter, stages_[s]->weights(), Put::set, result, result.weights);
        put<T>(parameter, gradients_[s], parameter.tied_copy ? Put::add : Put::set, result, result.gradients);
      }
    }
    if (group_.rank() == 0) result.activation_bytes = stages_[0]->activation_bytes();
  }

  std::vector<std::vector<T>>& gradients() { return gradients_; }
  std::vector<std::unique_ptr<model::Stage<T>>>& stages() { return stages_; }
  // What each stage told of, in order.
  std::map<std::int64_t, std::vector<model::BufferRange>> ranges;

 private:
  std::int64_t chunks() const { return layout_.pipeline * layout_.virtual_stages; }
  model::Stage<T>& stage_of(std::int64_t chunk) {
    return *stages_[static_cast<std::size_t>(chunk % layout_.pipeline)];
  }
  typename model::Stage<T>::TrainStep step_of(std::int64_t chunk) {
    return {0.125, 99, gradients_[static_cast<std::size_t>(chunk % layout_.pipeline)],
            model::Gradients::replace};
  }

  model::LossSum taken_loss() {
    model::LossSum loss;
    for (const auto& stage : stages_) loss += stage->take_loss();
    return loss;
  }

  void forward(std::size_t j, const model::MicroBatch& batch) {
    auto& streams = streams_.emplace_back();  // streams[c]: input of chunk c
    streams.resize(static_cast<std::size_t>(chunks()) + 1);
    for (std::int64_t c = 0; c < chunks(); ++c) {
      auto& output = streams[static_cast<std::size_t>(c) + 1];
      if (c + 1 < chunks()) output.resize(stage_of(c).stream_size(batch.sequences, batch.length));
      stage_of(c).forward({static_cast<std::int64_t>(j), c / layout_.pipeline}, batch, step_of(c),
                          streams[static_cast<std::size_t>(c)], output);
    }
  }

  void backward(std::size_t j, const model::MicroBatch& batch) {
    std::vector<T> d_output;
    for (std::int64_t c = chunks() - 1; c >= 0; --c) {
      std::vector<T> d_input(c == 0 ? 0 : stage_of(c).stream_size(batch.sequences, batch.length));
      stage_of(c).backward({static_cast<std::int64_t>(j), c / layout_.pipeline}, batch, step_of(c), d_output,
                           d_input, [&](model::BufferRange range) {
                             if (j == 0) ranges[c % layout_.pipeline].push_back(range);
                           });
      d_output = std::move(d_input);
    }
  }

  Layout layout_;
  comm::Communicator& group_;
  std::vector<std::unique_ptr<model::Stage<T>>> stages_;
  std::vector<std::vector<T>> gradients_;
  std::vector<std::vector<std::vector<T>>> streams_;
};

template <class T>
Result<T> run(const model::ModelConfig& config, const Layout& layout, const Nudge& nudge = {}) {
  const std::vector<small_model::Batch> batches = {{12, 3}, {12, 4}};
  Result<T> result;
  std::mutex mutex;
  test::run_ranks(static_cast<int>(layout.tensor), [&](comm::Communicator& group) {
    omp_set_num_threads(1);  // of this thread
    Rank<T> rank(config, layout, group);
    rank.nudge(nudge);
    const model::LossSum loss = rank.train(batches);
    const model::LossSum evaluation = rank.evaluate(batches[1].view());
    const std::lock_guard lock(mutex);
    if (group.rank() > 0 && (loss.loss != result.loss.loss && result.loss.tokens != 0)) {
      result.replicas_agree = false;
    }
    result.loss = loss;
    result.evaluation = evaluation;
    // The tied copies of a rank are added to what the rank's first stage has, rank by rank of the rows.
    rank.put_into(result);
  });
  return result;
}

}  // namespace gpt::layout_run
