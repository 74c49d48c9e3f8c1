#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/model/inference.hpp"
#include "libgpt/model/inference_part.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::model {

// The part of a stage, in elements T. Its place in the groups' layout says what it holds; layers are cut into
// one chunk a stage.
template <class T>
class StageInference : public InferencePart {
 public:
  // groups, their tensor and pipeline group, must stay alive. Throws ConfigError for a layout that does not
  // fit the model.
  StageInference(const ModelConfig& config, const comm::ParallelGroups& groups,
                 RepeatedSteps repeated = RepeatedSteps::recorded);

  const ModelConfig& config() const override { return stage_.config(); }
  const ParameterLayout& layout() const override { return stage_.layout(); }
  std::span<float> host_weights() override;
  void set_weights(std::size_t first, std::span<const float> values) override;
  void make_cache(std::int64_t slots, std::int64_t capacity) override;
  std::span<const float> forward(const PlacedBatch& batch) override;
  double loss(const MicroBatch& batch) override;
  std::size_t bytes() const override;

 private:
  const ModelChunk& chunk() const { return layout().part().chunks.front(); }
  void receive(std::span<T> stream);
  void send(std::span<const T> stream);
  bool can_be_repeated(const PlacedBatch& batch) const;
  // From the embedding, or the stream received, to the logits, or the stream to send. On a device it gives
  // only work whose launches are the same for batches of the same sizes.
  std::span<const tensor::SumOf<T>> compute(const Pass<T>& pass, const InferenceRows<T>& rows,
                                            std::span<T> stream);
  std::span<const tensor::SumOf<T>> compute_repeated(const Pass<T>& pass, const InferenceRows<T>& rows,
                                                     std::span<T> stream);
  std::span<const float> to_host(std::span<const tensor::SumOf<T>> logits);

  // A step by its sizes: tokens, wanted rows, and the bound on keys.
  using StepSizes = std::array<std::int64_t, 3>;
  struct Step {
    std::unique_ptr<tensor::RecordedWork> work;  // from its second time on
    std::span<const tensor::SumOf<T>> logits;
  };

  TensorGroup tensor_;
  comm::Communicator* pipeline_;
  Stage<T> stage_;
  std::optional<KvCache<T>> cache_;
  tensor::Arena arena_{tensor::kPlaceOf<T>};
  std::vector<float> logits_;
  RepeatedSteps repeated_;
  std::map<StepSizes, Step> steps_;
};

}  // namespace gpt::model
