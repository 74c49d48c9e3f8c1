#pragma once

#include <optional>
#include <string>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/train/step_profile.hpp"

namespace gpt::train {

// Gathers the profiles of all ranks on rank 0, which writes the trace (where a path is given) and gets the
// text to print; empty on the other ranks. Called by all ranks. Throws IoError and CommError. The path
// matters on rank 0 only. Rank 0 holds the spans of one rank beside its own at a time.
std::string report_profile_or_throw(const StepProfile& profile, const comm::ParallelGroups& groups,
                                    const std::optional<std::string>& trace_path);

// A profile whose time begins at the same moment on all ranks. Called by all ranks.
StepProfile::Clock::time_point common_origin(comm::Communicator& world);

}  // namespace gpt::train
