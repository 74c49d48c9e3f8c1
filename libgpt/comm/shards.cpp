#include "libgpt/comm/shards.hpp"

#include <algorithm>

namespace gpt::comm {

std::vector<std::size_t> shard_starts(std::size_t count, int ranks) {
  const auto size = static_cast<std::size_t>(ranks);
  std::vector<std::size_t> starts(size + 1);
  for (std::size_t rank = 0; rank <= size; ++rank)
    starts[rank] = count / size * rank + std::min(rank, count % size);
  return starts;
}

}  // namespace gpt::comm
