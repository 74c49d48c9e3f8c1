#pragma once

#include <array>
#include <string>

#include "tests/support/cuda_on_cpu/machine.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"

namespace gpt::cuda_on_cpu {

inline const std::array<Schedule, 6> kSchedules{{{}, {1}, {2}, {3}, {4}, {5}}};

// ThreadSanitizer ends the process at a planted race: there such cases run one by one, and must fail
// (CMakeLists.txt).
#if defined(__SANITIZE_THREAD__)
constexpr bool kRacesEndTheProcess = true;
#else
constexpr bool kRacesEndTheProcess = false;
#endif

// How many of the schedules find(): a planted bug shows under some of them.
template <class Find>
int schedules_that_find(Find find) {
  int found = 0;
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    found += find() ? 1 : 0;
  }
  return found;
}

// What the KernelError of run() says; empty where there was none.
template <class Run>
std::string error_of(Run run) {
  try {
    run();
  } catch (const KernelError& error) {
    return error.what();
  }
  return {};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace gpt::cuda_on_cpu
