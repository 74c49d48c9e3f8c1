#pragma once

#include <memory>
#include <string>

#include "libgpt/comm/world.hpp"

namespace gpt::comm {

// Groups over NCCL of the ranks of a world of the host, each of which has opened a GPU of its own.
std::unique_ptr<World> make_nccl_world_or_throw(World& host);

std::string nccl_version_text();  // "NCCL 2.28.9"

}  // namespace gpt::comm
