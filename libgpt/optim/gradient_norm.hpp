#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/optim/bucket_plan.hpp"

namespace gpt::optim {

// What of a rank's share is not counted (or saved) by a rank of another tensor or pipeline place: of
// tensors that every tensor rank holds, the first one counts, and the last stage's copy of the token
// embedding is not counted. Over all ranks, each element of the model is in one of these once.
ElementRanges counted_once(const model::ParameterLayout& layout, const ElementRanges& share);

// Sum of x^2 over some elements, in double. Not finite when an element is not.
template <class T>
double sum_of_squares(const ElementRanges& ranges, std::span<const T> x);

// Which of the rank's tensors hold an element that is no finite number, among those ranges.
enum class Search { from_front, from_back };
template <class T>
const model::Parameter* find_not_finite(const model::ParameterLayout& layout, const ElementRanges& ranges,
                                        std::span<const T> x, Search search);

}  // namespace gpt::optim
