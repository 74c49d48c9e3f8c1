#include "libgpt/optim/gradient_norm.hpp"

#include <algorithm>
#include <cmath>

#include "libgpt/ops/norm.hpp"

namespace gpt::optim {
namespace {

// Calls body with each stretch of the ranges that lies in [begin, end).
template <class Body>
void for_each_within(const ElementRanges& ranges, std::size_t begin, std::size_t end, const Body& body) {
  auto range = std::partition_point(ranges.begin(), ranges.end(),
                                    [&](const ElementRange& r) { return r.end <= begin; });
  for (; range != ranges.end() && range->begin < end; ++range) {
    body(ElementRange{std::max(range->begin, begin), std::min(range->end, end)});
  }
}

}  // namespace

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

template <class T>
double sum_of_squares(const ElementRanges& ranges, std::span<const T> x) {
  double sum = 0;
  for (const ElementRange& range : ranges) {
    sum += ops::sum_of_squares<T>(x.subspan(range.begin, range.count()));
  }
  return sum;
}

template <class T>
const model::Parameter* find_not_finite(const model::ParameterLayout& layout, const ElementRanges& ranges,
                                        std::span<const T> x, Search search) {
  const model::Parameter* found = nullptr;
  for (const model::Parameter& parameter : layout.parameters()) {
    bool finite = true;
    for_each_within(ranges, parameter.offset, parameter.offset + parameter.count, [&](ElementRange range) {
      const auto values = x.subspan(range.begin, range.count());
      finite = finite && std::all_of(values.begin(), values.end(), [](T v) { return std::isfinite(v); });
    });
    if (finite) continue;
    found = &parameter;
    if (search == Search::from_front) break;
  }
  return found;
}

template double sum_of_squares<float>(const ElementRanges&, std::span<const float>);
template double sum_of_squares<double>(const ElementRanges&, std::span<const double>);
template const model::Parameter* find_not_finite<float>(const model::ParameterLayout&, const ElementRanges&,
                                                        std::span<const float>, Search);
template const model::Parameter* find_not_finite<double>(const model::ParameterLayout&, const ElementRanges&,
                                                         std::span<const double>, Search);

}  // namespace gpt::optim
