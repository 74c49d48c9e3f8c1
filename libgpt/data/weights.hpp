#pragma once

#include <span>
#include <vector>

namespace gpt::data {

// weights / their sum, to the last bit as numpy divides by numpy.sum.
std::vector<double> normalised(std::span<const double> weights);

}  // namespace gpt::data
