#include "tests/support/cuda_on_cpu/async_copy.hpp"

#include <cstring>

namespace gpt::cuda_on_cpu {

void begin_copy(void* shared, const void* global, std::size_t bytes, bool valid, const Site& site) {
  t_machine->check_shared(shared, bytes, "cp_async", site);
  if (valid && reinterpret_cast<std::uintptr_t>(global) % bytes != 0)
    t_machine->fail("cp_async from an address that is not aligned to " + std::to_string(bytes) + " bytes",
                    site);
  AsyncCopies::Copy copy{static_cast<std::byte*>(shared), {}, static_cast<std::uint8_t>(bytes)};
  if (valid) std::memcpy(copy.data, global, bytes);
  if (t_machine->coin()) {
    std::memcpy(shared, copy.data, bytes);
    return;
  }
  std::memset(shared, 0xFF, bytes);
  AsyncCopies& async = t_thread->async;
  async.copies.push_back(copy);
  ++async.uncommitted;
}

void commit_copies() {
  AsyncCopies& async = t_thread->async;
  async.groups.push_back(async.uncommitted);
  async.uncommitted = 0;
}

void wait_for_copies(std::size_t groups_under_way) {
  AsyncCopies& async = t_thread->async;
  if (async.groups.size() <= groups_under_way) return;
  const std::size_t done_groups = async.groups.size() - groups_under_way;
  std::size_t done = 0;
  for (std::size_t group = 0; group < done_groups; ++group) done += async.groups[group];
  for (std::size_t i = 0; i < done; ++i)
    std::memcpy(async.copies[i].to, async.copies[i].data, async.copies[i].bytes);
  async.copies.erase(async.copies.begin(), async.copies.begin() + static_cast<std::ptrdiff_t>(done));
  async.groups.erase(async.groups.begin(), async.groups.begin() + static_cast<std::ptrdiff_t>(done_groups));
}

}  // namespace gpt::cuda_on_cpu
