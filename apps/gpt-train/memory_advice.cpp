#include "apps/gpt-train/memory_advice.hpp"

#include "libgpt/cost/fitting_options.hpp"
#include "libgpt/tensor/memory_account.hpp"

namespace gpt::train_tool {

std::string memory_advice(const RankRun& run, std::size_t device_bytes) {
  const Options& options = run.options;
  const cost::TrainingTask task{
      run.plan.model.shape,
      {options.data.sequence_length, run.plan.train.micro_batch_size, run.plan.train.global_batch_size},
      run.plan.layout,
      options.recompute,
      options.precision};
  const auto needed = static_cast<std::size_t>(cost::largest_process_bytes(task));
  std::string text = "a rank of this run is predicted to take " + tensor::byte_text(needed);
  const auto fitting = cost::options_that_fit(task, static_cast<double>(device_bytes));
  if (fitting.empty()) {
    return text +
           ", and none of the options makes it fit on so many GPUs: take more of them, with a larger "
           "--tensor-model-parallel-size or --pipeline-model-parallel-size";
  }
  text += "; what would fit, by prediction: ";
  for (std::size_t i = 0; i < fitting.size(); ++i) text += (i == 0 ? "" : "; or ") + fitting[i];
  return text;
}

}  // namespace gpt::train_tool
