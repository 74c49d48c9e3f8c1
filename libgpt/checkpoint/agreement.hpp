#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "libgpt/comm/communicator.hpp"

namespace gpt::checkpoint {

// A save failed, on some rank, and every rank knows it: nothing was changed but the attempt, so that training
// may go on without this checkpoint, or stop.
class SaveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Each rank does its work, and then they agree on how it went: when it threw on any of them, all throw
// SaveError with the message of the lowest such rank. A CommError leaves at once: there is nobody to agree
// with. Collective.
void agree_or_throw(comm::Communicator& world, const std::function<void()>& work);

}  // namespace gpt::checkpoint
