#pragma once

#include <algorithm>
#include <cstdint>

#include <omp.h>

namespace gpt::ops::cpu {

// Numbers that one thread handles before a second is worth calling: some 10 microseconds. On a machine that
// others use too, a thread that is called may come late, and then small models suffer most.
constexpr std::int64_t kSerialElements = 65536;
// What an element costs where an exponential or a random number is drawn for it.
constexpr std::int64_t kExponentialCost = 4;

// Cuts [0, count) into one range a thread and calls body(begin, end, thread). elements_each: the numbers one
// index stands for, weighted by their cost; little work stays on one thread. The cut depends on the counts
// and the number of threads alone, so that sums made of per-thread parts come out the same each time. body
// must not throw.
template <class Body>
void parallel_ranges(std::int64_t count, std::int64_t elements_each, const Body& body) {
  const bool serial = count * elements_each < kSerialElements || count < 2;
#pragma omp parallel if (!serial)
  {
    const std::int64_t threads = omp_get_num_threads();
    const std::int64_t thread = omp_get_thread_num();
    const std::int64_t begin = count * thread / threads;
    const std::int64_t end = count * (thread + 1) / threads;
    if (begin < end) body(begin, end, thread);
  }
}

// As above over the columns of a matrix, cut at multiples of 64 so that no two threads share a cache line.
template <class Body>
void parallel_columns(std::int64_t columns, std::int64_t rows, const Body& body) {
  constexpr std::int64_t kGroup = 64;
  parallel_ranges((columns + kGroup - 1) / kGroup, kGroup * rows,
                  [&](std::int64_t begin, std::int64_t end, std::int64_t) {
                    body(begin * kGroup, std::min(end * kGroup, columns));
                  });
}

inline std::int64_t max_threads() { return omp_get_max_threads(); }

}  // namespace gpt::ops::cpu
