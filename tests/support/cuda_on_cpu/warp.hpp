#pragma once

// Shuffles, votes and reductions of a warp. Every live lane of the mask must come to the same call. What is
// read from a lane that takes no part is not defined by CUDA: here all its bits are set.

#include <concepts>
#include <cstring>
#include <type_traits>

#include "tests/support/cuda_on_cpu/machine.hpp"
#include "tests/support/cuda_on_cpu/sanitizers.hpp"

namespace gpt::cuda_on_cpu {

template <class T>
T posted_by(const Posted& posted, unsigned lane) {
  static_assert(std::is_trivially_copyable_v<T> && (sizeof(T) == 4 || sizeof(T) == 8),
                "a shuffle moves 4 or 8 bytes");
  EmulatorAtWork emulator;
  T value;
  if (lane < kWarpSize && (posted.lanes >> lane & 1u) != 0)
    std::memcpy(&value, posted.slots[lane].bytes, sizeof(T));
  else
    std::memset(&value, 0xFF, sizeof(T));
  return value;
}

inline void check_width(int width, const char* what, const Site& site) {
  if (width < 1 || width > 32 || (width & (width - 1)) != 0)
    t_machine->fail(std::string(what) + " with a width of " + std::to_string(width), site);
}

template <class T>
T fold(unsigned mask, T value, const char* what, const Site& site, T (*join)(T, T)) {
  const Posted& posted = t_machine->meet(mask, what, site, &value, sizeof(T));
  T result{};
  bool first = true;
  for (unsigned lane = 0; lane < kWarpSize; ++lane) {
    if ((posted.lanes >> lane & 1u) == 0) continue;
    const T other = posted_by<T>(posted, lane);
    result = first ? other : join(result, other);
    first = false;
  }
  return result;
}

}  // namespace gpt::cuda_on_cpu

template <class T>
T __shfl_sync(unsigned mask, T value, int from, int width = 32,
              gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using namespace gpt::cuda_on_cpu;
  check_width(width, "__shfl_sync", site);
  const Posted& posted = t_machine->meet(mask, "__shfl_sync", site, &value, sizeof(T));
  const auto span = static_cast<unsigned>(width);
  return posted_by<T>(posted, (t_thread->lane & ~(span - 1)) | (static_cast<unsigned>(from) & (span - 1)));
}

template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                 gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using namespace gpt::cuda_on_cpu;
  check_width(width, "__shfl_up_sync", site);
  const Posted& posted = t_machine->meet(mask, "__shfl_up_sync", site, &value, sizeof(T));
  const unsigned within = t_thread->lane & (static_cast<unsigned>(width) - 1);
  return within < delta ? value : posted_by<T>(posted, t_thread->lane - delta);
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                   gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using namespace gpt::cuda_on_cpu;
  check_width(width, "__shfl_down_sync", site);
  const Posted& posted = t_machine->meet(mask, "__shfl_down_sync", site, &value, sizeof(T));
  const auto span = static_cast<unsigned>(width);
  const unsigned within = t_thread->lane & (span - 1);
  return delta >= span - within ? value : posted_by<T>(posted, t_thread->lane + delta);
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32,
                  gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using namespace gpt::cuda_on_cpu;
  check_width(width, "__shfl_xor_sync", site);
  const Posted& posted = t_machine->meet(mask, "__shfl_xor_sync", site, &value, sizeof(T));
  const auto span = static_cast<unsigned>(width);
  const unsigned from = t_thread->lane ^ static_cast<unsigned>(lane_mask);
  return from >= (t_thread->lane & ~(span - 1)) + span ? value : posted_by<T>(posted, from);
}

inline unsigned __ballot_sync(unsigned mask, int predicate,
                              gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using namespace gpt::cuda_on_cpu;
  return fold<unsigned>(mask, predicate != 0 ? 1u << t_thread->lane : 0u, "__ballot_sync", site,
                        [](unsigned a, unsigned b) { return a | b; });
}
inline int __any_sync(unsigned mask, int predicate,
                      gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  return gpt::cuda_on_cpu::fold<int>(mask, predicate != 0 ? 1 : 0, "__any_sync", site,
                                     [](int a, int b) { return a | b; });
}
inline int __all_sync(unsigned mask, int predicate,
                      gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  return gpt::cuda_on_cpu::fold<int>(mask, predicate != 0 ? 1 : 0, "__all_sync", site,
                                     [](int a, int b) { return a & b; });
}

template <class T>
requires(std::same_as<T, int> || std::same_as<T, unsigned>) T
    __reduce_add_sync(unsigned mask, T value, gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  return gpt::cuda_on_cpu::fold<T>(mask, value, "__reduce_add_sync", site, [](T a, T b) {
    return static_cast<T>(static_cast<unsigned>(a) + static_cast<unsigned>(b));
  });
}
template <class T>
requires(std::same_as<T, int> || std::same_as<T, unsigned>) T
    __reduce_min_sync(unsigned mask, T value, gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  return gpt::cuda_on_cpu::fold<T>(mask, value, "__reduce_min_sync", site,
                                   [](T a, T b) { return b < a ? b : a; });
}
template <class T>
requires(std::same_as<T, int> || std::same_as<T, unsigned>) T
    __reduce_max_sync(unsigned mask, T value, gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  return gpt::cuda_on_cpu::fold<T>(mask, value, "__reduce_max_sync", site,
                                   [](T a, T b) { return a < b ? b : a; });
}
inline unsigned __reduce_and_sync(unsigned mask, unsigned value,
                                  gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  return gpt::cuda_on_cpu::fold<unsigned>(mask, value, "__reduce_and_sync", site,
                                          [](unsigned a, unsigned b) { return a & b; });
}
inline unsigned __reduce_or_sync(unsigned mask, unsigned value,
                                 gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  return gpt::cuda_on_cpu::fold<unsigned>(mask, value, "__reduce_or_sync", site,
                                          [](unsigned a, unsigned b) { return a | b; });
}
inline unsigned __reduce_xor_sync(unsigned mask, unsigned value,
                                  gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  return gpt::cuda_on_cpu::fold<unsigned>(mask, value, "__reduce_xor_sync", site,
                                          [](unsigned a, unsigned b) { return a ^ b; });
}

// The only one of them that orders memory among the lanes.
inline void __syncwarp(unsigned mask = 0xFFFFFFFFu,
                       gpt::cuda_on_cpu::Site site = gpt::cuda_on_cpu::Site::here()) {
  using gpt::cuda_on_cpu::Machine;
  gpt::cuda_on_cpu::t_machine->meet(mask, "__syncwarp", site, nullptr, 0, nullptr, Machine::Memory::ordered);
}
