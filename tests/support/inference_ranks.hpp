#pragma once

#include <functional>
#include <memory>

#include "libcommon/cli/stop_signals.hpp"
#include "libgpt/comm/groups_of_rank.hpp"
#include "libgpt/model/gpt.hpp"
#include "libgpt/model/inference_model.hpp"
#include "libgpt/model/stage_inference.hpp"
#include "tests/support/layout_ranks.hpp"

namespace gpt::test {

// The weights of a whole model that a part holds.
inline void give_weights(const model::Gpt<float>& whole, model::InferencePart& part) {
  std::vector<float> values(part.layout().buffer_size());
  for (const model::Parameter& parameter : part.layout().parameters()) {
    const auto from = model::tensor_of(whole.weights(), *whole.layout().find(parameter.name));
    for (const model::Run& run : model::runs_of(parameter.part)) {
      std::copy_n(from.begin() + run.global, run.count,
                  values.begin() + static_cast<std::ptrdiff_t>(parameter.offset) + run.local);
    }
  }
  part.set_weights(0, values);
}

// A model on one rank, in elements T.
template <class T = float>
class InferenceAlone {
 public:
  explicit InferenceAlone(const model::Gpt<float>& whole,
                          model::RepeatedSteps repeated = model::RepeatedSteps::recorded)
      : ranks_(world_, {}),
        part_(whole.config(), ranks_.groups(), repeated),
        model_(part_, ranks_.groups(), cli::stop_requested) {
    give_weights(whole, part_);
  }
  model::InferenceModel& model() { return model_; }

 private:
  comm::SelfWorld world_;
  comm::GroupsOfRank ranks_;
  model::StageInference<T> part_;
  model::InferenceModel model_;
};

// Does the work of rank 0 with a model that lies on the ranks of a layout, which are threads.
template <class T = float>
void infer_on_ranks(const cost::Layout& layout, const model::Gpt<float>& whole,
                    const std::function<void(model::InferenceModel&)>& work) {
  run_layout(layout, [&](const comm::ParallelGroups& groups) {
    model::StageInference<T> part(whole.config(), groups);
    give_weights(whole, part);
    model::InferenceModel model(part, groups, cli::stop_requested);
    if (groups.world->rank() != 0) return model.serve();
    work(model);
    model.end();
  });
}

}  // namespace gpt::test
