#pragma once

#include <string>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/train/step_profile.hpp"
#include "libgpt/train/trace_file.hpp"

namespace gpt::train {

// Gathers the profiles of all ranks on rank 0, which completes the trace (where it has one; the others have
// none) and gets the text to print; empty on the other ranks, and where no step was made. Called by all
// ranks. Throws IoError and CommError. Rank 0 holds the spans of one rank beside its own at a time.
std::string report_profile_or_throw(const StepProfile& profile, const comm::ParallelGroups& groups,
                                    TraceFile* trace);

// A moment that is the same on all ranks, for the beginning of their profiles. Called by all ranks.
StepProfile::Clock::time_point common_origin(comm::Communicator& world);

}  // namespace gpt::train
