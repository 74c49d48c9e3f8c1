#pragma once

#include <cstdint>

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/philox.hpp"

namespace gpt::ops::cpu {

// The kernel's view of one row: see ops::Dropout for the counter.
inline DropoutRow dropout_row(const Dropout& dropout, std::int64_t plane, std::int64_t row,
                              std::uint64_t sample) {
  const std::int64_t counter = (plane * kDropoutExtent + row) * kDropoutExtent;
  return {dropout.key, static_cast<std::uint64_t>(counter), sample, dropout.threshold(), dropout.scale()};
}

}  // namespace gpt::ops::cpu
