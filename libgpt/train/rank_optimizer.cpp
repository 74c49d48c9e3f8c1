#include "libgpt/train/rank_optimizer.hpp"

#include <algorithm>
#include <vector>

#include "libgpt/optim/gradient_norm.hpp"

namespace gpt::train {
namespace {

optim::DataPlace data_place(const comm::ParallelGroups& groups) {
  return {groups.place.data, groups.layout.data, groups.layout.optimizer};
}

}  // namespace

RankOptimizer::RankOptimizer(model::Stage<float>& stage, const comm::ParallelGroups& groups,
                             const optim::AdamWConfig& config)
    : stage_(stage),
      groups_(groups),
      plan_(stage.layout(), data_place(groups)),
      gradients_(stage.layout().buffer_size()),
      buckets_(plan_, *groups.data, gradients_.span()),
      adamw_(stage.layout(), config, plan_.updated()),
      counted_(optim::counted_once(stage.layout(), plan_.share())) {}

void RankOptimizer::finish_sums() {
  buckets_.finish();
  stage_.sum_sequence_parallel_gradients(gradients());
  sum_shared_embedding();
}

// After the sums over replicas, so that both stages add the same numbers.
void RankOptimizer::sum_shared_embedding() {
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

double RankOptimizer::sum_of_squares() const {
  return optim::sum_of_squares<float>(counted_, gradients_.span());
}

void RankOptimizer::update(double learning_rate, double gradient_scale) {
  adamw_.step(learning_rate, gradient_scale, gradients(), stage_.weights());
  optim::gather_weights<float>(plan_, *groups_.data, stage_.weights());
}

std::size_t RankOptimizer::bytes() const {
  return (gradients_.size() + 2 * optim::count_of(plan_.updated())) * sizeof(float);
}

}  // namespace gpt::train
