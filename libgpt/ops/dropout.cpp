#include "libgpt/ops/dropout.hpp"

#include <algorithm>

#include "libgpt/ops/cpu/dropout_row.hpp"
#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/dropout_check.hpp"

namespace gpt::ops {
namespace {

template <class T>
cpu::DropoutRow row_of(const DropoutRows<T>& rows, const Dropout& dropout, std::int64_t row) {
  const std::int64_t global = rows.first_row + row;
  return cpu::dropout_row(dropout, 0, global % rows.length,
                          rows.samples[static_cast<std::size_t>(global / rows.length)]);
}

}  // namespace

template <class T>
void dropout(const DropoutRows<T>& rows, const Dropout& dropout, std::span<const T> x, std::span<T> y) {
  check_dropout(rows, dropout, "dropout", x.size(), y.size());
  if (!dropout.active()) {
    if (x.data() != y.data()) std::copy(x.begin(), x.end(), y.begin());
    return;
  }
  cpu::parallel_ranges(rows.rows, cpu::kExponentialCost * rows.columns,
                       [&](std::int64_t begin, std::int64_t end, std::int64_t) {
                         for (std::int64_t r = begin; r < end; ++r) {
                           const std::int64_t first = r * rows.columns;
                           cpu::kernels<T>().dropout(x.data() + first, y.data() + first, rows.columns,
                                                     row_of(rows, dropout, r));
                         }
                       });
}

template <class T>
void bias_dropout_add(const DropoutRows<T>& rows, const Dropout& dropout, std::span<const T> x,
                      std::span<const T> bias, std::span<const T> residual, std::span<T> y) {
  check_bias_dropout_add(rows, dropout, x.size(), bias.size(), residual.size(), y.size());
  cpu::parallel_ranges(rows.rows, cpu::kExponentialCost * rows.columns,
                       [&](std::int64_t begin, std::int64_t end, std::int64_t) {
                         for (std::int64_t r = begin; r < end; ++r) {
                           const std::int64_t first = r * rows.columns;
                           const cpu::DropoutRow row =
                               dropout.active() ? row_of(rows, dropout, r) : cpu::DropoutRow{};
                           cpu::kernels<T>().bias_dropout_add(
                               x.data() + first, bias.data(), residual.data() + first, y.data() + first,
                               rows.columns, dropout.active() ? &row : nullptr);
                         }
                       });
}

#define GPT_INSTANTIATE(T)                                                                           \
  template void dropout<T>(const DropoutRows<T>&, const Dropout&, std::span<const T>, std::span<T>); \
  template void bias_dropout_add<T>(const DropoutRows<T>&, const Dropout&, std::span<const T>,       \
                                    std::span<const T>, std::span<const T>, std::span<T>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
