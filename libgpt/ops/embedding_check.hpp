#pragma once

#include "libgpt/ops/embedding.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

inline void check_embedding(const EmbeddingShape& s, std::size_t tokens, std::size_t positions,
                            std::size_t values, std::size_t token_table, std::size_t position_table) {
  check_elements("embedding", "tokens", tokens, s.rows);
  check_elements("embedding", "positions", positions, s.rows);
  check_elements("embedding", "y", values, s.rows, s.hidden);
  check_elements("embedding", "token table", token_table, s.vocabulary, s.hidden);
  if (position_table != 0)
    check_elements("embedding", "position table", position_table, s.positions, s.hidden);
}

}  // namespace gpt::ops
