#pragma once

#include <functional>
#include <optional>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/data/index_cache.hpp"
#include "libgpt/data/sample_indices.hpp"

namespace gpt::data {

// Sample indices for every rank of a group, made by rank 0 alone. With a cache the others wait and then map
// its files, which all ranks must reach by that path; without one each gets a copy. When make throws, all
// ranks throw SampleError with its message. Collective.
SampleIndices share_sample_indices_or_throw(comm::Communicator& world, const std::optional<IndexCache>& cache,
                                            const SampleIndexRequest& request,
                                            const std::function<SampleIndices()>& make);

}  // namespace gpt::data
