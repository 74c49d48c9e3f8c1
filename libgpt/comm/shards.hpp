#pragma once

#include <vector>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// Elements [begin, end) of a buffer.
inline Buffer part_of(Buffer whole, std::size_t begin, std::size_t end) {
  whole.data = static_cast<std::byte*>(whole.data) + begin * tensor::size_in_bytes(whole.type);
  whole.count = end - begin;
  return whole;
}
inline ConstBuffer part_of(ConstBuffer whole, std::size_t begin, std::size_t end) {
  whole.data = static_cast<const std::byte*>(whole.data) + begin * tensor::size_in_bytes(whole.type);
  whole.count = end - begin;
  return whole;
}

// Where the shards of `count` elements on so many ranks begin, and the end: as even as can be, the first ones
// longer.
std::vector<std::size_t> shard_starts(std::size_t count, int ranks);

}  // namespace gpt::comm
