#pragma once

#include <cstdint>
#include <optional>

#include "apps/gpt-bpe-train/count/count_words.hpp"

namespace gpt::bpe_train {

// Both are hashes of the options that decide the counts of a task, the names of its inputs, and the version
// of the toolkit, since what a word is may change with it.

// The same for all shares of a job and for the whole of it; with the inputs' sizes, without their times,
// which copies of a file do not share. Throws io::IoError.
std::uint64_t job_of_or_throw(const CountTask& task);

// Tells whether a run that is started again would count the same: with sizes and times. Empty where an input
// is no regular file, so that nothing tells whether it is the same again.
std::optional<std::uint64_t> origin_of(const CountTask& task);

// Whether all inputs can be looked at again.
bool has_regular_inputs(const CountTask& task);

}  // namespace gpt::bpe_train
