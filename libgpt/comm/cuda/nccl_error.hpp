#pragma once

#include <chrono>
#include <string>

#include <nccl.h>

namespace gpt::comm {

// "NCCL: unhandled cuda error (...)", with what NCCL last said of this communicator, which may be null.
std::string nccl_error_text(ncclResult_t code, ncclComm_t handle);

// Handles do not block: what is still in progress is waited for here, and everything but success becomes
// CommError "DOING: NCCL: ...", also when it takes longer than the time limit (0: none).
void settle_or_throw(ncclResult_t code, ncclComm_t handle, const std::string& doing,
                     std::chrono::seconds time_limit);

}  // namespace gpt::comm
