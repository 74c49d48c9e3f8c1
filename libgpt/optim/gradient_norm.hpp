#pragma once

#include <span>

#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/ops/norm.hpp"
#include "libgpt/optim/bucket_plan.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::optim {

// Adds the sum of x^2 over some elements, made in double, to sum [1], which lies where the elements do. Not
// finite when an element is not.
template <class T>
void add_sum_of_squares(const ElementRanges& ranges, std::span<const T> x,
                        std::span<tensor::Beside<T, double>> sum) {
  for (const ElementRange& range : ranges) {
    ops::add_sum_of_squares<T>(x.subspan(range.begin, range.count()), sum);
  }
}

// Which of the rank's tensors hold an element that is no finite number, among those ranges. Waits for a
// device.
enum class Search { from_front, from_back };
template <class T>
const model::Parameter* find_not_finite(const model::ParameterLayout& layout, const ElementRanges& ranges,
                                        std::span<const T> x, Search search);

}  // namespace gpt::optim
