#pragma once

#include <stdexcept>

namespace gpt::checkpoint {

// A save failed, on some rank, and every rank knows it: nothing was changed but the attempt, so that training
// may go on without this checkpoint, or stop.
class SaveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace gpt::checkpoint
