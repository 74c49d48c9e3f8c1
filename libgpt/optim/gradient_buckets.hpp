#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/optim/bucket_plan.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::optim {

// Sums the gradients of a step over the data group, bucket by bucket, while the backward pass that makes them
// goes on. All ranks of the group must declare elements final in the same order. Afterwards a rank has the
// sums of plan.updated(). T is the element of the model's weights.
template <class T>
class GradientBuckets {
 public:
  // All must stay alive.
  GradientBuckets(const BucketPlan& plan, comm::Communicator& data_group,
                  std::span<tensor::SumOf<T>> gradients);

  // Nothing is added to these elements any more in this step; none may be declared twice. Starts the sums of
  // buckets of which that is true of every element.
  void mark_final(ElementRange range);
  // Moves on what was started; to be called now and then between computations. Throws comm::CommError.
  void progress();
  // Every element is final: starts the sums that are left, and waits for all. Throws comm::CommError. The
  // next step may begin.
  void finish();

 private:
  void start(std::size_t bucket);

  const BucketPlan& plan_;
  comm::Communicator& group_;
  std::span<tensor::SumOf<T>> gradients_;
  std::vector<std::size_t> final_elements_;  // of each bucket
  std::vector<bool> started_;
  std::vector<comm::Request> requests_;
};

// Brings the weights that each rank of the data group has updated to all of it. Throws comm::CommError.
template <class T>
void gather_weights(const BucketPlan& plan, comm::Communicator& data_group, std::span<T> weights);

}  // namespace gpt::optim
