#include "libgpt/optim/counted_once.hpp"

#include "libgpt/optim/stretches_within.hpp"

namespace gpt::optim {

ElementRanges counted_once(const model::ParameterLayout& layout, const ElementRanges& share) {
  const bool first_of_tensor_group = layout.part().tensor_rank == 0;
  ElementRanges counted;
  const model::Parameter* last = nullptr;
  for (const model::Parameter& parameter : layout.parameters()) {
    if (parameter.tied_copy || (parameter.replicated() && !first_of_tensor_group)) continue;
    for_each_within(share, parameter.offset, parameter.offset + parameter.count, [&](ElementRange range) {
      // The gap between tensors that follow each other holds zeros, and may be counted to have fewer ranges.
      const bool follows = !counted.empty() && last != nullptr && last + 1 == &parameter &&
                           range.begin == parameter.offset &&
                           counted.back().end == last->offset + last->count;
      if (follows || (!counted.empty() && counted.back().end == range.begin)) {
        counted.back().end = range.end;
      } else {
        counted.push_back(range);
      }
    });
    last = &parameter;
  }
  return counted;
}

}  // namespace gpt::optim
