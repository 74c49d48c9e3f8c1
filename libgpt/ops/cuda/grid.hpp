#pragma once

#include <cstdint>

namespace gpt::ops::cuda {

// Blocks for `count` pieces of work of which a block does `each`.
inline std::int64_t blocks_for(std::int64_t count, std::int64_t each) { return (count + each - 1) / each; }

}  // namespace gpt::ops::cuda
