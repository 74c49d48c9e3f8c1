#pragma once

#include <stdexcept>
#include <string_view>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// Ranks were given what they must have in common, and it differs.
class RanksDiffer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// text: what must be the same on all ranks, a line an item ("--seed 5"). what: its name in the message ("the
// options"). Where texts differ every rank throws the same RanksDiffer, which names the first rank that
// differs from rank 0 and the first such line of both: "the options differ between ranks: rank 3 has --seed 5
// where rank 0 has --seed 1; ", and advice.
void check_same_on_all_ranks_or_throw(Communicator& group, std::string_view what, std::string_view text,
                                      std::string_view advice = "start all ranks with the same");

}  // namespace gpt::comm
