#include "libgpt/ops/vocabulary_cross_entropy.hpp"

#include <algorithm>
#include <cmath>

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/cpu/row_weight.hpp"
#include "libgpt/ops/cross_entropy_check.hpp"

namespace gpt::ops {
namespace {

// The column of a token, or -1 where another share has it.
std::int64_t column_of(const VocabularyShare& share, std::int32_t token) {
  const std::int64_t column = token - share.first_token;
  return column < 0 || column >= share.columns ? -1 : column;
}

// Calls body(row, its first logit) for all rows, threaded.
template <class T, class Body>
void for_each_row(const VocabularyShare& share, T* logits, const Body& body) {
  cpu::parallel_ranges(share.rows, cpu::kExponentialCost * share.columns,
                       [&](std::int64_t begin, std::int64_t end, std::int64_t) {
                         for (std::int64_t r = begin; r < end; ++r) {
                           body(static_cast<std::size_t>(r), logits + r * share.columns);
                         }
                       });
}

template <class T, class Part>
void make_parts(const VocabularyShare& share, T* logits, std::span<const std::int32_t> targets,
                std::span<CrossEntropyPart<std::remove_const_t<T>>> parts, const Part& part_of) {
  for_each_row(share, logits, [&](std::size_t r, T* row) {
    const std::int64_t target = column_of(share, targets[r]);
    parts[r].target = target < 0 ? T{0} : row[target];
    const auto softmax = part_of(row, share.columns);
    parts[r].largest = softmax.largest;
    parts[r].sum = softmax.sum;
  });
}

}  // namespace

template <class T>
void cross_entropy_parts(const VocabularyShare& share, std::span<const T> logits,
                         std::span<const tensor::Beside<T, std::int32_t>> targets,
                         std::span<CrossEntropyPartOf<T>> parts) {
  check_share(share, logits.size(), targets.size(), parts.size());
  make_parts(share, logits.data(), targets, parts, cpu::kernels<T>().softmax_part);
}

template <class T>
void cross_entropy_parts_in_place(const VocabularyShare& share, std::span<T> logits,
                                  std::span<const tensor::Beside<T, std::int32_t>> targets,
                                  std::span<CrossEntropyPartOf<T>> parts) {
  check_share(share, logits.size(), targets.size(), parts.size());
  make_parts(share, logits.data(), targets, parts, cpu::kernels<T>().softmax_part_in_place);
}

template <class T>
void combine_cross_entropy(std::int64_t rows, std::span<const CrossEntropyPartOf<T>> parts,
                           std::span<tensor::Beside<T, double>> losses,
                           std::span<CrossEntropyPartOf<T>> sums) {
  check_combine(rows, parts.size(), losses.size(), sums.size());
  const auto count = static_cast<std::size_t>(rows);
  for (std::size_t r = 0; r < count; ++r) {
    double largest = static_cast<double>(parts[r].largest);
    for (std::size_t i = r; i < parts.size(); i += count) {
      largest = std::max(largest, static_cast<double>(parts[i].largest));
    }
    double sum = 0;
    double target = 0;
    for (std::size_t i = r; i < parts.size(); i += count) {
      sum += static_cast<double>(parts[i].sum) * std::exp(static_cast<double>(parts[i].largest) - largest);
      target += static_cast<double>(parts[i].target);
    }
    losses[r] = std::log(sum) + largest - target;
    sums[r] = {static_cast<T>(largest), static_cast<T>(sum), T{0}};
  }
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
  for_each_row(share, exponentials.data(), [&](std::size_t r, T* row) {
    const T weight = cpu::row_weight(weights, r);
    const T factor = weight * std::exp(own[r].largest - sums[r].largest) / sums[r].sum;
    cpu::kernels<T>().scale(row, share.columns, factor);
    const std::int64_t target = column_of(share, targets[r]);
    if (target >= 0) row[target] -= weight;
  });
}

#define GPT_INSTANTIATE(T)                                                                               \
  template void cross_entropy_parts<T>(const VocabularyShare&, std::span<const T>,                       \
                                       std::span<const std::int32_t>, std::span<CrossEntropyPartOf<T>>); \
  template void cross_entropy_parts_in_place<T>(const VocabularyShare&, std::span<T>,                    \
                                                std::span<const std::int32_t>,                           \
                                                std::span<CrossEntropyPartOf<T>>);                       \
  template void combine_cross_entropy<T>(std::int64_t, std::span<const CrossEntropyPartOf<T>>,           \
                                         std::span<double>, std::span<CrossEntropyPartOf<T>>);           \
  template void vocabulary_cross_entropy_backward<T>(                                                    \
      const VocabularyShare&, std::span<T>, std::span<const std::int32_t>, const RowWeights<T>&,         \
      std::span<const CrossEntropyPartOf<T>>, std::span<const CrossEntropyPartOf<T>>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
