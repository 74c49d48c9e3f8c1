#include "libgpt/ops/cross_entropy.hpp"
#include "libgpt/ops/cross_entropy_check.hpp"
#include "libgpt/ops/cuda/row_weight.hpp"
#include "libgpt/ops/cuda/softmax_row.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

__device__ __forceinline__ double loss_of(const SoftmaxSum& softmax, float target) {
  return log(static_cast<double>(softmax.sum)) + static_cast<double>(softmax.largest) -
         static_cast<double>(target);
}

// Reads the logits once. A block a row.
template <class V>
__global__ void __launch_bounds__(kSoftmaxThreads)
    forward_kernel(const V* logits, i64 vocabulary, const std::int32_t* targets, double* losses) {
  const i64 row = blockIdx.x;
  const V* const first = logits + row * vocabulary;
  const SoftmaxSum softmax = softmax_of<RowStays::no>(RowPieces<const V>(first, vocabulary), nullptr);
  if (threadIdx.x == 0) losses[row] = loss_of(softmax, float_of(first[targets[row]]));
}

// Reads the logits once and writes them once; where a row does not stay in shared memory it is read twice,
// the second time mostly from the L2 cache. A block a row.
template <class V, RowStays Stays>
__global__ void __launch_bounds__(kSoftmaxThreads, 2)
    backward_kernel(V* logits, i64 vocabulary, const std::int32_t* targets, RowWeightsOnDevice weights,
                    double* losses) {
  const i64 row = blockIdx.x;
  const RowPieces<V> pieces(logits + row * vocabulary, vocabulary);
  const int target = targets[row];
  const float at_target = threadIdx.x == 0 ? float_of(pieces.row[target]) : 0.0F;
  GPT_DYNAMIC_SHARED(uint4, kept);
  const SoftmaxSum softmax = softmax_of<Stays>(pieces, kept);
  if (threadIdx.x == 0) losses[row] = loss_of(softmax, at_target);
  const float weight = weights.of(row);
  const float factor = weight / softmax.sum;
  if (weight == 0) {  // whatever the logits are
    change_row<Stays>(pieces, kept, [](float, int) { return 0.0F; });
  } else {
    change_row<Stays>(pieces, kept, [&](float x, int column) {
      const float softmax_times_weight = exponential(x - softmax.largest) * factor;
      return column == target ? softmax_times_weight - weight : softmax_times_weight;
    });
  }
}

constexpr int kThreads = 1024;
constexpr int kWarps = kThreads / kWarp;

// One block: there are 12 bytes a token, and the order of the sum is to be always the same.
__global__ void __launch_bounds__(kThreads)
    masked_losses_kernel(const double* losses, const float* mask, i64 count, double* sum) {
  double loss = 0, weights = 0;
  for (i64 i = threadIdx.x; i < count; i += kThreads) {
    const double weight = mask == nullptr ? 1.0 : static_cast<double>(mask[i]);
    if (weight == 0) continue;  // whatever the loss is
    loss += losses[i] * weight;
    weights += weight;
  }
  GPT_SHARED(double[kWarps], scratch);
  loss = block_sum<kWarps>(loss, scratch);
  weights = block_sum<kWarps>(weights, scratch);
  if (threadIdx.x == 0) {
    sum[0] += loss;
    sum[1] += weights;
  }
}

}  // namespace

template <class T>
void cross_entropy_forward(std::int64_t rows, std::int64_t vocabulary, std::span<const T> logits,
                           std::span<const tensor::Beside<T, std::int32_t>> targets,
                           std::span<tensor::Beside<T, double>> losses) {
  check_cross_entropy(rows, vocabulary, logits.size(), targets.size(), losses.size());
  tensor::launch(forward_kernel<tensor::ValueOf<T>>, rows, kSoftmaxThreads, 0, tensor::compute_stream(),
                 raw(logits), vocabulary, raw(targets), raw(losses));
}

template <class T>
void cross_entropy_backward(std::int64_t rows, std::int64_t vocabulary, std::span<T> logits,
                            std::span<const tensor::Beside<T, std::int32_t>> targets,
                            const RowWeights<T>& weights, std::span<tensor::Beside<T, double>> losses) {
  check_cross_entropy(rows, vocabulary, logits.size(), targets.size(), losses.size());
  check_row_weights("cross entropy", weights, rows);
  using V = tensor::ValueOf<T>;
  const std::size_t shared = row_shared_bytes<V>(vocabulary);
  tensor::launch(
      shared > 0 ? backward_kernel<V, RowStays::in_shared_memory> : backward_kernel<V, RowStays::no>, rows,
      kSoftmaxThreads, shared, tensor::compute_stream(), raw(logits), vocabulary, raw(targets),
      on_device(weights), raw(losses));
}

template <class T>
void add_masked_losses(std::span<const tensor::Beside<T, double>> losses,
                       std::span<const tensor::Beside<T, float>> mask,
                       std::span<tensor::Beside<T, double>> sum) {
  check_masked_losses(losses.size(), mask.size(), sum.size());
  tensor::launch(masked_losses_kernel, 1, kThreads, 0, tensor::compute_stream(), raw(losses), raw(mask),
                 std::ssize(losses), raw(sum));
}

#define GPT_INSTANTIATE(T)                                                                             \
  template void cross_entropy_forward<T>(std::int64_t, std::int64_t, std::span<const T>,               \
                                         std::span<const tensor::Beside<T, std::int32_t>>,             \
                                         std::span<tensor::Beside<T, double>>);                        \
  template void cross_entropy_backward<T>(std::int64_t, std::int64_t, std::span<T>,                    \
                                          std::span<const tensor::Beside<T, std::int32_t>>,            \
                                          const RowWeights<T>&, std::span<tensor::Beside<T, double>>); \
  template void add_masked_losses<T>(std::span<const tensor::Beside<T, double>>,                       \
                                     std::span<const tensor::Beside<T, float>>,                        \
                                     std::span<tensor::Beside<T, double>>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
