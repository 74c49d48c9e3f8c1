#pragma once

#include <algorithm>
#include <cstddef>

#include "libgpt/optim/bucket_plan.hpp"

namespace gpt::optim {

// Calls body with each stretch of the ranges that lies in [begin, end).
template <class Body>
void for_each_within(const ElementRanges& ranges, std::size_t begin, std::size_t end, const Body& body) {
  auto range = std::partition_point(ranges.begin(), ranges.end(),
                                    [&](const ElementRange& r) { return r.end <= begin; });
  for (; range != ranges.end() && range->begin < end; ++range) {
    body(ElementRange{std::max(range->begin, begin), std::min(range->end, end)});
  }
}

}  // namespace gpt::optim
