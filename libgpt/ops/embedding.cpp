#include "libgpt/ops/embedding.hpp"

#include <algorithm>

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/embedding_check.hpp"

namespace gpt::ops {
namespace {

// The row of a token in the table, or nullptr where the table does not hold it.
template <class T>
T* token_row(const EmbeddingShape& s, std::int32_t token, T* table) {
  const std::int64_t row = token - s.first_token;
  return row < 0 || row >= s.vocabulary ? nullptr : table + row * s.hidden;
}

// y = the sum of those of the two rows that are there.
template <class T>
void add_rows(const T* a, const T* b, T* y, std::int64_t count) {
  if (a != nullptr && b != nullptr) {
    cpu::kernels<T>().add(a, b, y, count);
  } else if (a != nullptr || b != nullptr) {
    std::copy_n(a != nullptr ? a : b, count, y);
  } else {
    std::fill_n(y, count, T{0});
  }
}

}  // namespace

template <class T>
void embedding_forward(const EmbeddingShape& s, const EmbeddingRows<T>& rows, std::span<const T> token_table,
                       std::span<const T> position_table, std::span<T> y) {
  check_embedding(s, rows.tokens.size(), rows.positions.size(), y.size(), token_table.size(),
                  position_table.size());
  cpu::parallel_ranges(s.rows, s.hidden, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
    for (std::int64_t r = begin; r < end; ++r) {
      const auto i = static_cast<std::size_t>(r);
      const T* const position =
          position_table.empty() ? nullptr : position_table.data() + rows.positions[i] * s.hidden;
      add_rows<T>(token_row(s, rows.tokens[i], token_table.data()), position, y.data() + r * s.hidden,
                  s.hidden);
    }
  });
}

template <class T>
void embedding_backward(const EmbeddingShape& s, const EmbeddingRows<T>& rows, std::span<const T> dy,
                        std::span<tensor::SumOf<T>> d_token_table,
                        std::span<tensor::SumOf<T>> d_position_table) {
  check_embedding(s, rows.tokens.size(), rows.positions.size(), dy.size(), d_token_table.size(),
                  d_position_table.size());
  check_elements("embedding", "position table", d_position_table.size(), s.positions, s.hidden);
  // Threads share out the columns: a row of a table may be met many times, and always in the same order.
  cpu::parallel_columns(s.hidden, s.rows, [&](std::int64_t begin, std::int64_t end) {
    const auto& kernels = cpu::kernels<T>();
    for (std::int64_t r = 0; r < s.rows; ++r) {
      const auto i = static_cast<std::size_t>(r);
      const T* const row = dy.data() + r * s.hidden + begin;
      T* const position = d_position_table.data() + rows.positions[i] * s.hidden + begin;
      kernels.add(position, row, position, end - begin);
      T* const token = token_row(s, rows.tokens[i], d_token_table.data());
      if (token != nullptr) kernels.add(token + begin, row, token + begin, end - begin);
    }
  });
}

#define GPT_INSTANTIATE(T)                                                                                \
  template void embedding_forward<T>(const EmbeddingShape&, const EmbeddingRows<T>&, std::span<const T>,  \
                                     std::span<const T>, std::span<T>);                                   \
  template void embedding_backward<T>(const EmbeddingShape&, const EmbeddingRows<T>&, std::span<const T>, \
                                      std::span<T>, std::span<T>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
