#pragma once

#include <functional>

#include <cuda_runtime_api.h>

namespace gpt::test {

// A stream is a thread that does what it is given, in order. The compute stream, which has no handle, is the
// thread that gives it: what is asked of it is done when the call returns, and where it waits the thread
// waits.
void push(cudaStream_t stream, std::function<void()> work);

// Sleeps until it is so, or until all waits are given up.
void wait_until(const std::function<bool()>& is_so);
// Lets everything that waits go on, so that a test of something that never ends can end.
void give_up_waiting(bool given_up);

}  // namespace gpt::test
