#pragma once

#include "libgpt/comm/world.hpp"

namespace gpt::test {

// The world that the test program was started in.
comm::World& world();

}  // namespace gpt::test
