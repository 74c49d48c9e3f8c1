#pragma once

#include <cstdint>
#include <optional>

// A GPU runs threads in an order of its own, each time anew: a schedule is only another time.
namespace gpt::cuda_on_cpu {

struct Schedule {
  std::optional<std::uint64_t> seed;
};

inline Schedule current_schedule() { return {}; }

class ScopedSchedule {
 public:
  explicit ScopedSchedule(Schedule) {}
};

}  // namespace gpt::cuda_on_cpu
