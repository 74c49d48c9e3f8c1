#include "apps/gpt-generate/gpu_part.hpp"

#include "libgpt/model/stage_inference.hpp"
#include "libgpt/ops/cuda/product.hpp"

namespace gpt::generate_tool {
namespace {

// Matrix products of each number of rows are timed against each other once. That pays for steps in which
// texts grow by a token each, which are many alike; prompts make batches of ever other sizes.
template <class T>
class PartOnGpu : public model::StageInference<T> {
 public:
  using model::StageInference<T>::StageInference;

  std::span<const float> forward(const model::PlacedBatch& batch) override {
    ops::set_product_search(batch.most_rows == 1 ? ops::ProductSearch::timed
                                                 : ops::ProductSearch::first_proposal);
    return model::StageInference<T>::forward(batch);
  }
};

}  // namespace

std::unique_ptr<model::InferencePart> make_part_on_gpu(const Options& options,
                                                       const model::ModelConfig& config,
                                                       const comm::ParallelGroups& groups) {
  const auto make = [&]<class T>() -> std::unique_ptr<model::InferencePart> {
    return std::make_unique<PartOnGpu<T>>(config, groups, options.repeated_steps);
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
