#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// What every rank of the group gave, by rank: names, fingerprints, tables of contents. Lengths may differ.
// For texts, not tensors: each rank receives ranks × the longest.
std::vector<std::string> all_gather_strings(Communicator& group, std::string_view mine);

// The root's text, on every rank; what the others gave is not looked at.
std::string broadcast_string(Communicator& group, std::string_view text, int root);

}  // namespace gpt::comm
