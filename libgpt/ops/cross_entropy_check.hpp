#pragma once

#include "libgpt/ops/cross_entropy.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "libgpt/ops/vocabulary_cross_entropy.hpp"

namespace gpt::ops {

inline void check_cross_entropy(std::int64_t rows, std::int64_t vocabulary, std::size_t logits,
                                std::size_t targets, std::size_t losses) {
  check_elements("cross entropy", "logits", logits, rows, vocabulary);
  check_elements("cross entropy", "targets", targets, rows);
  check_elements("cross entropy", "losses", losses, rows);
}

template <class T>
void check_row_weights(std::string_view op, const RowWeights<T>& weights, std::int64_t rows) {
  if (!weights.mask.empty()) check_elements(op, "mask", weights.mask.size(), rows);
}

inline void check_masked_losses(std::size_t losses, std::size_t mask, std::size_t sum) {
  check_elements("masked losses", "sum", sum, 2);
  if (mask != 0) check_elements("masked losses", "mask", mask, static_cast<std::int64_t>(losses));
}

inline void check_share(const VocabularyShare& share, std::size_t logits, std::size_t targets,
                        std::size_t parts) {
  check_elements("vocabulary cross entropy", "logits", logits, share.rows, share.columns);
  check_elements("vocabulary cross entropy", "targets", targets, share.rows);
  check_elements("vocabulary cross entropy", "parts", parts, share.rows);
}

inline void check_combine(std::int64_t rows, std::size_t parts, std::size_t losses, std::size_t sums) {
  check_elements("vocabulary cross entropy", "losses", losses, rows);
  check_elements("vocabulary cross entropy", "sums", sums, rows);
  const auto count = static_cast<std::size_t>(rows);
  if (count == 0 ? parts != 0 : parts == 0 || parts % count != 0) {
    throw ShapeError("vocabulary cross entropy", "parts of all shares", parts, rows, 1);
  }
}

}  // namespace gpt::ops
