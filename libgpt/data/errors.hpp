#pragma once

#include <stdexcept>

namespace gpt::data {

// What is asked of the datasets cannot be had from them: samples of a part that holds no document, a split of
// four parts, more tokens than the indices can count.
class SampleError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace gpt::data
