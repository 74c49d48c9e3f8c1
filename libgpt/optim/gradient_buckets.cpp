#include "libgpt/optim/gradient_buckets.hpp"

#include <algorithm>

#include "libgpt/tensor/instantiate.hpp"

namespace gpt::optim {
namespace {

template <class T>
std::span<T> part(std::span<T> buffer, ElementRange range) {
  return buffer.subspan(range.begin, range.count());
}

}  // namespace

template <class T>
GradientBuckets<T>::GradientBuckets(const BucketPlan& plan, comm::Communicator& data_group,
                                    std::span<tensor::SumOf<T>> gradients)
    : plan_(plan),
      group_(data_group),
      gradients_(gradients),
      final_elements_(plan.buckets().size()),
      started_(plan.buckets().size()) {}

template <class T>
void GradientBuckets<T>::start(std::size_t bucket) {
  started_[bucket] = true;
  if (group_.size() == 1) return;
  const Bucket& what = plan_.buckets()[bucket];
  const auto whole = part(gradients_, what.range);
  requests_.push_back(what.sum == Bucket::Sum::whole
                          ? group_.start_all_reduce(whole, comm::Reduction::sum)
                          : group_.start_reduce_scatter(whole, part(gradients_, plan_.shard(what))));
}

template <class T>
void GradientBuckets<T>::mark_final(ElementRange range) {
  const auto buckets = plan_.buckets();
  for (std::size_t i = buckets.size(); i-- > 0;) {
    const std::size_t begin = std::max(range.begin, buckets[i].range.begin);
    const std::size_t end = std::min(range.end, buckets[i].range.end);
    if (begin >= end) continue;
    final_elements_[i] += end - begin;
    if (final_elements_[i] == buckets[i].range.count()) start(i);
  }
}

template <class T>
void GradientBuckets<T>::progress() {
  std::erase_if(requests_, [](comm::Request& request) { return request.test(); });
}

template <class T>
void GradientBuckets<T>::finish() {
  for (std::size_t i = started_.size(); i-- > 0;) {
    if (!started_[i]) start(i);
  }
  for (comm::Request& request : requests_) request.wait();
  requests_.clear();
  std::fill(started_.begin(), started_.end(), false);
  std::fill(final_elements_.begin(), final_elements_.end(), 0);
}

template <class T>
void gather_weights(const BucketPlan& plan, comm::Communicator& data_group, std::span<T> weights) {
  std::vector<comm::Request> requests;
  for (const Bucket& bucket : plan.buckets()) {
    if (bucket.sum == Bucket::Sum::whole) continue;
    requests.push_back(
        data_group.start_all_gather(part(weights, plan.shard(bucket)), part(weights, bucket.range)));
  }
  for (comm::Request& request : requests) request.wait();
}

#define GPT_INSTANTIATE(T)           \
  template class GradientBuckets<T>; \
  template void gather_weights<T>(const BucketPlan&, comm::Communicator&, std::span<T>);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::optim
