#include "libgpt/ops/cross_entropy_check.hpp"
#include "libgpt/ops/cuda/elementwise.hpp"
#include "libgpt/ops/cuda/row_weight.hpp"
#include "libgpt/ops/cuda/softmax_row.hpp"
#include "libgpt/ops/vocabulary_cross_entropy.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

using Part = CrossEntropyPart<float>;

// The column of a token, or -1 where another share has it.
__device__ __forceinline__ int column_in(const VocabularyShare& share, std::int32_t token) {
  const i64 column = token - share.first_token;
  return column < 0 || column >= share.columns ? -1 : static_cast<int>(column);
}

template <class V>
__device__ __forceinline__ float logit_at(const V* row, int column) {
  return column < 0 ? 0.0F : float_of(row[column]);
}

// Reads the logits once. A block a row.
template <class V>
__global__ void __launch_bounds__(kSoftmaxThreads)
    parts_kernel(VocabularyShare share, const V* logits, const std::int32_t* targets, Part* parts) {
  const i64 row = blockIdx.x;
  const V* const first = logits + row * share.columns;
  const SoftmaxSum softmax = softmax_of<RowStays::no>(RowPieces<const V>(first, share.columns), nullptr);
  if (threadIdx.x == 0)
    parts[row] = {softmax.largest, softmax.sum, logit_at(first, column_in(share, targets[row]))};
}

// Reads the logits once and writes them once, as the backward pass of the whole softmax does.
template <class V, RowStays Stays>
__global__ void __launch_bounds__(kSoftmaxThreads, 2)
    parts_in_place_kernel(VocabularyShare share, V* logits, const std::int32_t* targets, Part* parts) {
  const i64 row = blockIdx.x;
  const RowPieces<V> pieces(logits + row * share.columns, share.columns);
  const float at_target = threadIdx.x == 0 ? logit_at(pieces.row, column_in(share, targets[row])) : 0.0F;
  GPT_DYNAMIC_SHARED(uint4, kept);
  const SoftmaxSum softmax = softmax_of<Stays>(pieces, kept);
  if (threadIdx.x == 0) parts[row] = {softmax.largest, softmax.sum, at_target};
  change_row<Stays>(pieces, kept, [&](float x, int) { return exponential(x - softmax.largest); });
}

constexpr int kThreads = 256;

// A thread a row; shares are few.
__global__ void __launch_bounds__(kThreads)
    combine_kernel(i64 rows, const Part* parts, i64 count, double* losses, Part* sums) {
  const i64 row = static_cast<i64>(blockIdx.x) * kThreads + static_cast<i64>(threadIdx.x);
  if (row >= rows) return;
  float largest = parts[row].largest;
  for (i64 i = row + rows; i < count; i += rows) largest = fmaxf(largest, parts[i].largest);
  double sum = 0, target = 0;
  for (i64 i = row; i < count; i += rows) {
    const Part part = parts[i];
    sum +=
        static_cast<double>(part.sum) * exp(static_cast<double>(part.largest) - static_cast<double>(largest));
    target += static_cast<double>(part.target);
  }
  losses[row] = log(sum) + static_cast<double>(largest) - target;
  sums[row] = {largest, static_cast<float>(sum), 0.0F};
}

// Reads the exponentials once and writes them once. A block a row.
template <class V>
__global__ void __launch_bounds__(kSoftmaxThreads)
    backward_kernel(VocabularyShare share, V* exponentials, const std::int32_t* targets,
                    RowWeightsOnDevice weights, const Part* own, const Part* sums) {
  const i64 row = blockIdx.x;
  const RowPieces<V> pieces(exponentials + row * share.columns, share.columns);
  const float weight = weights.of(row);
  const float factor = weight * expf(own[row].largest - sums[row].largest) / sums[row].sum;
  const int target = column_in(share, targets[row]);
  if (weight == 0) {  // whatever the exponentials are
    change_row<RowStays::no>(pieces, nullptr, [](float, int) { return 0.0F; });
  } else {
    change_row<RowStays::no>(pieces, nullptr, [&](float x, int column) {
      return column == target ? x * factor - weight : x * factor;
    });
  }
}

}  // namespace

template <class T>
void cross_entropy_parts(const VocabularyShare& share, std::span<const T> logits,
                         std::span<const tensor::Beside<T, std::int32_t>> targets,
                         std::span<CrossEntropyPartOf<T>> parts) {
  check_share(share, logits.size(), targets.size(), parts.size());
  tensor::launch(parts_kernel<tensor::ValueOf<T>>, share.rows, kSoftmaxThreads, 0, tensor::compute_stream(),
                 share, raw(logits), raw(targets), raw(parts));
}

template <class T>
void cross_entropy_parts_in_place(const VocabularyShare& share, std::span<T> logits,
                                  std::span<const tensor::Beside<T, std::int32_t>> targets,
                                  std::span<CrossEntropyPartOf<T>> parts) {
  check_share(share, logits.size(), targets.size(), parts.size());
  using V = tensor::ValueOf<T>;
  const std::size_t shared = row_shared_bytes<V>(share.columns);
  tensor::launch(shared > 0 ? parts_in_place_kernel<V, RowStays::in_shared_memory>
                            : parts_in_place_kernel<V, RowStays::no>,
                 share.rows, kSoftmaxThreads, shared, tensor::compute_stream(), share, raw(logits),
                 raw(targets), raw(parts));
}

template <class T>
void combine_cross_entropy(std::int64_t rows, std::span<const CrossEntropyPartOf<T>> parts,
                           std::span<tensor::Beside<T, double>> losses,
                           std::span<CrossEntropyPartOf<T>> sums) {
  check_combine(rows, parts.size(), losses.size(), sums.size());
  tensor::launch(combine_kernel, blocks_for(rows, kThreads), kThreads, 0, tensor::compute_stream(), rows,
                 raw(parts), std::ssize(parts), raw(losses), raw(sums));
}

template <class T>
void vocabulary_cross_entropy_backward(const VocabularyShare& share, std::span<T> exponentials,
                                       std::span<const tensor::Beside<T, std::int32_t>> targets,
                                       const RowWeights<T>& weights,
                                       std::span<const CrossEntropyPartOf<T>> own,
                                       std::span<const CrossEntropyPartOf<T>> sums) {
  check_share(share, exponentials.size(), targets.size(), own.size());
  check_row_weights("vocabulary cross entropy", weights, share.rows);
  check_elements("vocabulary cross entropy", "sums", sums.size(), share.rows);
  tensor::launch(backward_kernel<tensor::ValueOf<T>>, share.rows, kSoftmaxThreads, 0,
                 tensor::compute_stream(), share, raw(exponentials), raw(targets), on_device(weights),
                 raw(own), raw(sums));
}

#define GPT_INSTANTIATE(T)                                                                        \
  template void cross_entropy_parts<T>(const VocabularyShare&, std::span<const T>,                \
                                       std::span<const tensor::Beside<T, std::int32_t>>,          \
                                       std::span<CrossEntropyPartOf<T>>);                         \
  template void cross_entropy_parts_in_place<T>(const VocabularyShare&, std::span<T>,             \
                                                std::span<const tensor::Beside<T, std::int32_t>>, \
                                                std::span<CrossEntropyPartOf<T>>);                \
  template void combine_cross_entropy<T>(std::int64_t, std::span<const CrossEntropyPartOf<T>>,    \
                                         std::span<tensor::Beside<T, double>>,                    \
                                         std::span<CrossEntropyPartOf<T>>);                       \
  template void vocabulary_cross_entropy_backward<T>(                                             \
      const VocabularyShare&, std::span<T>, std::span<const tensor::Beside<T, std::int32_t>>,     \
      const RowWeights<T>&, std::span<const CrossEntropyPartOf<T>>, std::span<const CrossEntropyPartOf<T>>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
