#pragma once

// Who a thread is, and the barriers of its block.

#include "tests/support/cuda_on_cpu/machine.hpp"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(bytes) alignas(bytes)

#define threadIdx (::gpt::cuda_on_cpu::t_thread->index)
#define blockIdx (::gpt::cuda_on_cpu::t_machine->block_index())
#define blockDim (::gpt::cuda_on_cpu::t_machine->launch().block)
#define gridDim (::gpt::cuda_on_cpu::t_machine->launch().grid)
constexpr int warpSize = static_cast<int>(gpt::cuda_on_cpu::kWarpSize);

inline void __syncthreads(gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using gpt::cuda_on_cpu::Machine;
  gpt::cuda_on_cpu::t_machine->barrier(Machine::Vote::any, false, "__syncthreads", site);
}
inline int __syncthreads_count(int predicate, gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using gpt::cuda_on_cpu::Machine;
  return gpt::cuda_on_cpu::t_machine->barrier(Machine::Vote::count, predicate != 0, "__syncthreads_count",
                                              site);
}
inline int __syncthreads_and(int predicate, gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using gpt::cuda_on_cpu::Machine;
  return gpt::cuda_on_cpu::t_machine->barrier(Machine::Vote::all, predicate != 0, "__syncthreads_and", site);
}
inline int __syncthreads_or(int predicate, gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using gpt::cuda_on_cpu::Machine;
  return gpt::cuda_on_cpu::t_machine->barrier(Machine::Vote::any, predicate != 0, "__syncthreads_or", site);
}

[[noreturn]] inline void __trap(gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  gpt::cuda_on_cpu::t_machine->fail("__trap", site);
}
