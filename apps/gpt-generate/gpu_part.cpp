#include "apps/gpt-generate/gpu_part.hpp"

#include "libgpt/model/stage_inference.hpp"

namespace gpt::generate_tool {

std::unique_ptr<model::InferencePart> make_part_on_gpu(const Options& options,
                                                       const model::ModelConfig& config,
                                                       const comm::ParallelGroups& groups) {
  const auto make = [&]<class T>() -> std::unique_ptr<model::InferencePart> {
    return std::make_unique<model::StageInference<T>>(config, groups, options.repeated_steps);
  };
  switch (options.precision) {
    case cost::Precision::bf16:
      return make.operator()<tensor::DeviceBf16>();
    case cost::Precision::fp16:
      return make.operator()<tensor::DeviceF16>();
    default:
      return make.operator()<tensor::DeviceF32>();
  }
}

}  // namespace gpt::generate_tool
