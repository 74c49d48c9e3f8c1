#pragma once

// Copies to shared memory that land later: at the wait for them, the last legal moment, or with a seed some
// of them at once. Until then their place holds NaNs, for what it holds on a GPU is not known either.

#include "tests/support/cuda_on_cpu/machine.hpp"

namespace gpt::cuda_on_cpu {

void begin_copy(void* shared, const void* global, std::size_t bytes, bool valid, const Site& site);
void commit_copies();
void wait_for_copies(std::size_t groups_under_way);

}  // namespace gpt::cuda_on_cpu

namespace gpt::tensor {

template <int Bytes>
void cp_async(void* shared, const void* global, bool valid = true,
              cuda_on_cpu::Site site = cuda_on_cpu::Site::here()) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16);
  cuda_on_cpu::begin_copy(shared, global, Bytes, valid, site);
}
inline void cp_async_commit() { cuda_on_cpu::commit_copies(); }
template <int Groups>
void cp_async_wait() {
  cuda_on_cpu::wait_for_copies(Groups);
}

}  // namespace gpt::tensor
