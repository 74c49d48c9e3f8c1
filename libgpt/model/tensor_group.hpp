#pragma once

#include <cstdint>

#include "libgpt/comm/communicator.hpp"

namespace gpt::model {

// Whether each rank of a tensor group carries all rows of the residual stream, or its share of them (sequence
// parallelism, Korthikanti et al., arXiv 2205.05198).
enum class SequenceRows { whole, split };

// The ranks that hold shares of the same layers. group may be null where there is one.
struct TensorGroup {
  comm::Communicator* group = nullptr;
  SequenceRows rows = SequenceRows::whole;

  std::int64_t size() const { return group == nullptr ? 1 : group->size(); }
  std::int64_t rank() const { return group == nullptr ? 0 : group->rank(); }
  bool alone() const { return size() == 1; }
  // Ranks that share out the rows of the stream.
  std::int64_t row_shares() const { return rows == SequenceRows::split ? size() : 1; }
  std::int64_t row_share() const { return rows == SequenceRows::split ? rank() : 0; }
};

}  // namespace gpt::model
