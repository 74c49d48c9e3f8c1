#include "libgpt/ops/rows.hpp"

#include <algorithm>

#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

template <class T>
void gather_rows(std::int64_t columns, std::span<const T> x,
                 std::span<const tensor::Beside<T, std::int32_t>> rows, std::span<T> y) {
  check_elements("gather rows", "y", y.size(), std::ssize(rows), columns);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(x.data() + rows[i] * columns, columns, y.data() + static_cast<std::int64_t>(i) * columns);
  }
}

template void gather_rows<float>(std::int64_t, std::span<const float>, std::span<const std::int32_t>,
                                 std::span<float>);
template void gather_rows<double>(std::int64_t, std::span<const double>, std::span<const std::int32_t>,
                                  std::span<double>);

}  // namespace gpt::ops
