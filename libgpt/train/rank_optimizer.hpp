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
class RankOptimizer {
 public:
  // Both must stay alive.
  RankOptimizer(model::Stage<float>& stage, const comm::ParallelGroups& groups,
                const optim::AdamWConfig& config);
  RankOptimizer(const RankOptimizer&) = delete;
  RankOptimizer& operator=(const RankOptimizer&) = delete;

  std::span<float> gradients() { return gradients_.span(); }
  // The sums over replicas, which begin while gradients are being made.
  optim::GradientBuckets<float>& buckets() { return buckets_; }
  // Ends the sums over replicas; then sums what sequence parallelism left apart, and the gradients of the
  // token embedding that the first and last stage share. Gradients are then right where this rank updates.
  void finish_sums();
  // Over all ranks these add up to the square of the norm of the model's gradient.
  double sum_of_squares() const;
  // AdamW; afterwards all replicas have the new weights.
  void update(double learning_rate, double gradient_scale);

  // The state of AdamW that this rank keeps, and the share of the model that it saves: each element of the
  // rank's part is in the share of one replica.
  optim::AdamW<float>& adamw() { return adamw_; }
  const optim::BucketPlan& plan() const { return plan_; }
  std::size_t bytes() const;  // of gradients and moments

 private:
  void sum_shared_embedding();

  model::Stage<float>& stage_;
  const comm::ParallelGroups& groups_;
  optim::BucketPlan plan_;
  tensor::AlignedBuffer<float> gradients_;
  optim::GradientBuckets<float> buckets_;
  optim::AdamW<float> adamw_;
  optim::ElementRanges counted_;
};

}  // namespace gpt::train
