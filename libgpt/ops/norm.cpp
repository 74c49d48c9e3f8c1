#include "libgpt/ops/norm.hpp"

#include <numeric>
#include <vector>

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

template <class T>
void add_sum_of_squares(std::span<const T> x, std::span<tensor::Beside<T, double>> sum) {
  check_elements("sum of squares", "sum", sum.size(), 1);
  // Chunks of fixed size, summed in order: the result does not depend on the number of threads.
  constexpr std::int64_t kChunk = 1 << 16;
  const auto count = static_cast<std::int64_t>(x.size());
  const std::int64_t chunks = (count + kChunk - 1) / kChunk;
  std::vector<double> sums(static_cast<std::size_t>(chunks));
  cpu::parallel_ranges(chunks, kChunk, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
    for (std::int64_t chunk = begin; chunk < end; ++chunk) {
      const std::int64_t first = chunk * kChunk;
      sums[static_cast<std::size_t>(chunk)] =
          cpu::kernels<T>().sum_of_squares(x.data() + first, std::min(kChunk, count - first));
    }
  });
  sum[0] += std::accumulate(sums.begin(), sums.end(), 0.0);
}

template void add_sum_of_squares<float>(std::span<const float>, std::span<double>);
template void add_sum_of_squares<double>(std::span<const double>, std::span<double>);

}  // namespace gpt::ops
