#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/optim/adamw.hpp"
#include "libgpt/optim/bucket_plan.hpp"
#include "libgpt/optim/gradient_buckets.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::train {

// The gradients of a rank's part of the model, their sums over the ranks that have parts of them, and the
// update that follows. All ranks of the world make the same calls.
template <class T>
class RankOptimizer {
 public:
  using Sum = tensor::SumOf<T>;

  // Both must stay alive.
  RankOptimizer(model::Stage<T>& stage, const comm::ParallelGroups& groups, const optim::AdamWConfig& config);
  RankOptimizer(const RankOptimizer&) = delete;
  RankOptimizer& operator=(const RankOptimizer&) = delete;

  // Elements [first, first + values.size()) of the rank's weights: exactly where fp32 is kept of them,
  // rounded to what the model computes with.
  void set_weights(std::size_t first, std::span<const float> values);
  // The model's start: Megatron's, the same values whatever T and the layout.
  void initialise_weights(std::uint64_t seed);

  std::span<Sum> gradients() { return gradients_.span(); }
  // The sums over replicas, which begin while gradients are being made.
  optim::GradientBuckets<T>& buckets() { return buckets_; }
  // Ends the sums over replicas; then sums what sequence parallelism left apart, and the gradients of the
  // token embedding that the first and last stage share. Gradients are then right where this rank updates.
  void finish_sums();
  // Adds to sum [1]; over all ranks these add up to the square of the norm of the model's gradient. Does not
  // wait for a device.
  void add_sum_of_squares(std::span<tensor::Beside<T, double>> sum) const;
  // AdamW; afterwards all replicas have the new weights.
  void update(double learning_rate, double gradient_scale);

  // What is kept in fp32 of the weights of a range within plan().updated().
  std::span<const Sum> exact_weights(optim::ElementRange range);
  // The state of AdamW that this rank keeps, and the share of the model that it saves: each element of the
  // rank's part is in the share of one replica.
  optim::AdamW<T>& adamw() { return adamw_; }
  const optim::BucketPlan& plan() const { return plan_; }
  std::size_t bytes() const;  // of gradients, moments and main weights

 private:
  void sum_shared_embedding();

  model::Stage<T>& stage_;
  const comm::ParallelGroups& groups_;
  optim::BucketPlan plan_;
  tensor::AlignedBuffer<Sum> gradients_;
  optim::GradientBuckets<T> buckets_;
  optim::AdamW<T> adamw_;
  optim::ElementRanges counted_;
};

}  // namespace gpt::train
