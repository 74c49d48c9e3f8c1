// The collective operations of a warp against their definitions.
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/tensor/cuda/language.hpp"
#include "tests/unit/support/cuda_on_cpu/schedules.hpp"

namespace gpt::tensor {
namespace {

using cuda_on_cpu::kSchedules;
using cuda_on_cpu::ScopedSchedule;

struct Shuffled {
  int indexed, up, down, crossed;
};

__global__ void shuffle(Shuffled* out, int operand, int width) {
  const int own = static_cast<int>(threadIdx.x) + 100;
  Shuffled result;
  result.indexed = __shfl_sync(0xFFFFFFFFu, own, operand, width);
  result.up = __shfl_up_sync(0xFFFFFFFFu, own, static_cast<unsigned>(operand), width);
  result.down = __shfl_down_sync(0xFFFFFFFFu, own, static_cast<unsigned>(operand), width);
  result.crossed = __shfl_xor_sync(0xFFFFFFFFu, own, operand, width);
  out[threadIdx.x] = result;
}

TEST_CASE("shuffles within segments of every width") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    for (const int width : {1, 2, 4, 8, 16, 32})
      for (const int operand : {0, 1, 3, 7, 15, 16, 31}) {
        std::vector<Shuffled> out(32);
        launch(shuffle, 1, 32, 0, Stream{}, out.data(), operand, width);
        for (int lane = 0; lane < 32; ++lane) {
          CAPTURE(width);
          CAPTURE(operand);
          CAPTURE(lane);
          const int first = lane / width * width, last = first + width - 1;
          const Shuffled& result = out[static_cast<std::size_t>(lane)];
          CHECK(result.indexed == first + operand % width + 100);
          CHECK(result.up == (lane - operand < first ? lane : lane - operand) + 100);
          CHECK(result.down == (lane + operand > last ? lane : lane + operand) + 100);
          CHECK(result.crossed == ((lane ^ operand) > last ? lane : lane ^ operand) + 100);
        }
      }
  }
}

template <class T>
__global__ void broadcast(T* values) {
  values[threadIdx.x] = __shfl_sync(0xFFFFFFFFu, values[threadIdx.x], 9);
}

TEST_CASE_TEMPLATE("shuffles of numbers of four and eight bytes", T, int, unsigned, float, double, long long,
                   unsigned long long) {
  std::vector<T> values(64);
  for (std::size_t i = 0; i < 64; ++i) values[i] = static_cast<T>(i) * static_cast<T>(1000003);
  const auto before = values;
  launch(broadcast<T>, 1, 64, 0, Stream{}, values.data());
  for (std::size_t i = 0; i < 64; ++i) CHECK(values[i] == before[i / 32 * 32 + 9]);
}

struct Votes {
  unsigned ballot, added, least, most, both, either, odd;
  int any, all;
};

// Lanes 0 to 11 and the others vote apart.
__global__ void vote(Votes* out) {
  const unsigned lane = threadIdx.x;
  const unsigned mask = lane < 12 ? 0x00000FFFu : 0xFFFFF000u;
  Votes votes{};
  votes.ballot = __ballot_sync(mask, lane % 3 == 0);
  votes.any = __any_sync(mask, lane == 5);
  votes.all = __all_sync(mask, lane >= 12);
  votes.added = __reduce_add_sync(mask, lane);
  votes.least = __reduce_min_sync(mask, lane + 7);
  votes.most = static_cast<unsigned>(__reduce_max_sync(mask, -static_cast<int>(lane)));
  votes.both = __reduce_and_sync(mask, lane | 64u);
  votes.either = __reduce_or_sync(mask, lane);
  votes.odd = __reduce_xor_sync(mask, lane);
  out[lane] = votes;
}

TEST_CASE("votes and reductions of two masks in one warp") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    std::vector<Votes> out(32);
    launch(vote, 1, 32, 0, Stream{}, out.data());
    for (unsigned lane = 0; lane < 32; ++lane) {
      const unsigned first = lane < 12 ? 0 : 12, end = lane < 12 ? 12 : 32;
      Votes expected{0, 0,          first + 7,  static_cast<unsigned>(-static_cast<int>(first)), ~0u, 0,
                     0, first == 0, first == 12};
      for (unsigned other = first; other < end; ++other) {
        if (other % 3 == 0) expected.ballot |= 1u << other;
        expected.added += other;
        expected.both &= other | 64u;
        expected.either |= other;
        expected.odd ^= other;
      }
      CHECK(out[lane].ballot == expected.ballot);
      CHECK(out[lane].any == expected.any);
      CHECK(out[lane].all == expected.all);
      CHECK(out[lane].added == expected.added);
      CHECK(out[lane].least == expected.least);
      CHECK(out[lane].most == expected.most);
      CHECK(out[lane].both == expected.both);
      CHECK(out[lane].either == expected.either);
      CHECK(out[lane].odd == expected.odd);
    }
  }
}

// Lanes leave one after the other; who remains goes on without them.
__global__ void leave_one_by_one(int* rounds) {
  const int lane = static_cast<int>(threadIdx.x);
  for (int round = 0; round < 32; ++round) {
    if (lane == round) return;
    rounds[lane] += __popc(__ballot_sync(0xFFFFFFFFu, 1));
  }
}

TEST_CASE("lanes that have exited drop out") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    std::vector<int> rounds(32);
    launch(leave_one_by_one, 1, 32, 0, Stream{}, rounds.data());
    for (int lane = 0; lane < 32; ++lane) {
      int expected = 0;
      for (int round = 0; round < lane; ++round) expected += 31 - round;
      CHECK(rounds[static_cast<std::size_t>(lane)] == expected);
    }
  }
}

__global__ void count_votes(int* out) {
  const int odd = static_cast<int>(threadIdx.x % 2);
  const int count = __syncthreads_count(odd), all = __syncthreads_and(odd), any = __syncthreads_or(odd);
  const int true_of_all = __syncthreads_and(1), true_of_any = __syncthreads_or(0);
  out[threadIdx.x] = count * 10000 + all * 1000 + any * 100 + true_of_all * 10 + true_of_any;
}

TEST_CASE("barriers that count votes") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    std::vector<int> out(70);
    launch(count_votes, 1, 70, 0, Stream{}, out.data());
    for (const int value : out) CHECK(value == 350110);
  }
}

__global__ void atomics(unsigned* words, unsigned long long* wide, float* sum) {
  const unsigned i = threadIdx.x;
  atomicAdd(&words[0], i);
  atomicSub(&words[1], 1u);
  atomicMax(&words[2], i * 7 % 64);
  atomicMin(&words[3], i + 3);
  atomicAnd(&words[4], ~(1u << (i % 8)));
  atomicOr(&words[5], 1u << (i % 32));
  atomicXor(&words[6], i);
  unsigned seen = atomicAdd(&words[7], 0u), expected;
  do {  // the largest product so far, by compare and swap
    expected = seen;
    seen = atomicCAS(&words[7], expected, max(expected, i * i));
  } while (seen != expected);
  atomicAdd(wide, 1ull << 40);
  atomicAdd(sum, 0.5F);
  if (i == 9) atomicExch(&words[8], 77u);
}

TEST_CASE("atomic operations") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    std::vector<unsigned> words{0, 100, 0, 1000, 0xFFFFu, 0, 0, 0, 0};
    unsigned long long wide = 0;
    float sum = 0;
    launch(atomics, 1, 64, 0, Stream{}, words.data(), &wide, &sum);
    CHECK(words == std::vector<unsigned>{2016, 36, 63, 3, 0xFF00u, 0xFFFFFFFFu, 0, 63 * 63, 77});
    CHECK(wide == 64ull << 40);
    CHECK(sum == 32);
  }
}

__global__ void integer_functions(std::uint32_t x, std::uint32_t y, std::uint32_t* out) {
  out[0] = __umulhi(x, y);
  out[1] = static_cast<std::uint32_t>(__popc(x));
  out[2] = static_cast<std::uint32_t>(__clz(static_cast<int>(x)));
  out[3] = static_cast<std::uint32_t>(__ffs(static_cast<int>(x)));
  out[4] = __brev(x);
  out[5] = __byte_perm(x, y, 0x7531u);
  out[6] = __funnelshift_l(x, y, 8);
  out[7] = static_cast<std::uint32_t>(__mulhi(-5, 1 << 30));
  out[8] = __byte_perm(x, y, 0xFEDCu);
}

TEST_CASE("functions of integers, by worked examples") {
  std::vector<std::uint32_t> out(9);
  launch(integer_functions, 1, 1, 0, Stream{}, 0x12345678u, 0xA0B1C2D3u, out.data());
  CHECK(out == std::vector<std::uint32_t>{static_cast<std::uint32_t>((0x12345678ull * 0xA0B1C2D3ull) >> 32),
                                          13, 3, 4, 0x1E6A2C48u, 0xA0C21256u, 0xB1C2D312u, 0xFFFFFFFEu,
                                          0xFFFFFFFFu});
}

}  // namespace
}  // namespace gpt::tensor
