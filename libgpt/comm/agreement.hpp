#pragma once

#include <functional>
#include <optional>
#include <string>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// Each rank does its work, and then they agree on how it went. Empty when it went well on all of them; else,
// on all of them, what was thrown on the lowest rank where it did not, with "rank 3: " before it where there
// are several ranks. A CommError leaves at once: there is nobody to agree with. Collective.
std::optional<std::string> first_failure(Communicator& world, const std::function<void()>& work);

// The same, and throws Error with that text on all ranks.
template <class Error>
void agree_or_throw(Communicator& world, const std::function<void()>& work) {
  if (const auto failure = first_failure(world, work)) throw Error(*failure);
}

}  // namespace gpt::comm
