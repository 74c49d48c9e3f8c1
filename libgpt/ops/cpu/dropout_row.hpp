#pragma once

#include <cmath>

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/philox.hpp"

namespace gpt::ops::cpu {

// The kernel's view of one row: see ops::Dropout for the counter.
inline DropoutRow dropout_row(const Dropout& dropout, std::int64_t plane, std::int64_t row,
                              std::uint64_t sample) {
  const std::int64_t counter = (plane * kDropoutExtent + row) * kDropoutExtent;
  return {dropout.key, static_cast<std::uint64_t>(counter), sample,
          static_cast<std::uint32_t>(std::llround(dropout.probability * 4294967296.0)),
          static_cast<float>(1.0 / (1.0 - dropout.probability))};
}

}  // namespace gpt::ops::cpu
