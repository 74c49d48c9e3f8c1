#include "libgpt/train/rank_optimizer.hpp"

#include <algorithm>
#include <vector>

#include "libgpt/model/initialise.hpp"
#include "libgpt/optim/counted_once.hpp"
#include "libgpt/optim/gradient_norm.hpp"
#include "libgpt/optim/stretches_within.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::train {
namespace {

optim::DataPlace data_place(const comm::ParallelGroups& groups) {
  return {groups.place.data, groups.layout.data, groups.layout.optimizer};
}

}  // namespace

template <class T>
RankOptimizer<T>::RankOptimizer(model::Stage<T>& stage, const comm::ParallelGroups& groups,
                                const optim::AdamWConfig& config)
    : stage_(stage),
      groups_(groups),
      plan_(stage.layout(), data_place(groups)),
      gradients_(tensor::buffer_for<Sum>("gradients", stage.layout().buffer_size())),
      buckets_(plan_, *groups.data, gradients_.span()),
      adamw_(stage.layout(), config, plan_.updated()),
      counted_(optim::counted_once(stage.layout(), plan_.share())) {}

template <class T>
void RankOptimizer<T>::finish_sums() {
  buckets_.finish();
  stage_.sum_sequence_parallel_gradients(gradients());
  sum_shared_embedding();
}

// After the sums over replicas, so that both stages add the same numbers.
template <class T>
void RankOptimizer<T>::sum_shared_embedding() {
  if (groups_.embedding->size() == 1) return;
  const model::Parameter& wte = stage_.layout().outer(model::ParameterLayout::Outer::wte);
  std::vector<comm::Request> requests;
  for (const optim::ElementRange& range : plan_.updated()) {
    const std::size_t begin = std::max(range.begin, wte.offset);
    const std::size_t end = std::min(range.end, wte.offset + wte.count);
    if (begin >= end) continue;
    requests.push_back(
        groups_.embedding->start_all_reduce(gradients().subspan(begin, end - begin), comm::Reduction::sum));
  }
  for (comm::Request& request : requests) request.wait();
}

template <class T>
void RankOptimizer<T>::add_sum_of_squares(std::span<tensor::Beside<T, double>> sum) const {
  optim::add_sum_of_squares<Sum>(counted_, gradients_.span(), sum);
}

template <class T>
void RankOptimizer<T>::set_weights(std::size_t first, std::span<const float> values) {
  stage_.set_weights(first, values);
  if constexpr (optim::AdamW<T>::kHasMainWeights) {
    optim::for_each_within(plan_.updated(), first, first + values.size(), [&](optim::ElementRange range) {
      tensor::upload<Sum>(values.subspan(range.begin - first, range.count()), adamw_.main_weights(range));
    });
  }
}

template <class T>
void RankOptimizer<T>::initialise_weights(std::uint64_t seed) {
  if constexpr (optim::AdamW<T>::kHasMainWeights) {
    for (const model::Parameter& parameter : stage_.layout().parameters()) {
      set_weights(parameter.offset, model::initial_values(stage_.config(), parameter, seed));
    }
  } else {
    stage_.initialise(seed);
  }
}

template <class T>
std::span<const tensor::SumOf<T>> RankOptimizer<T>::exact_weights(optim::ElementRange range) {
  if constexpr (optim::AdamW<T>::kHasMainWeights) {
    return adamw_.main_weights(range);
  } else {
    return stage_.weights().subspan(range.begin, range.count());
  }
}

template <class T>
void RankOptimizer<T>::update(double learning_rate, double gradient_scale) {
  adamw_.step(learning_rate, gradient_scale, gradients(), stage_.weights());
  optim::gather_weights<T>(plan_, *groups_.data, stage_.weights());
}

template <class T>
std::size_t RankOptimizer<T>::bytes() const {
  constexpr std::size_t kStates = optim::AdamW<T>::kHasMainWeights ? 3 : 2;
  return (gradients_.size() + kStates * optim::count_of(plan_.updated())) * sizeof(Sum);
}

#define GPT_INSTANTIATE(T) template class RankOptimizer<T>;
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train
