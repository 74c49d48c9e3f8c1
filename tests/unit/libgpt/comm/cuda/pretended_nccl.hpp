#pragma once

#include <cstddef>

namespace gpt::test {

// How many messages were sent over NCCL so far.
std::size_t messages_by_nccl();

}  // namespace gpt::test
