#include <stdexcept>

#include "apps/gpt-train/peak_speed.hpp"
#include "apps/gpt-train/train_on.hpp"

namespace gpt::train_tool {

// In a build without CUDA no GPU is ever opened (tensor::gpu_facts).
train::TrainResult train_on_gpu(const RankRun&) {
  throw std::logic_error("this build cannot train on a GPU");
}
double measured_gpu_peak_flops(const Options&) { throw std::logic_error("this build cannot train on a GPU"); }

}  // namespace gpt::train_tool
