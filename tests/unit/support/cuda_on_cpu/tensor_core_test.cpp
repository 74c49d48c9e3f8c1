// Matrix fragments against the layouts of the PTX manual, and a product through them against plain sums.
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/tensor/cuda/language.hpp"
#include "tests/unit/support/cuda_on_cpu/schedules.hpp"

namespace gpt::tensor {
namespace {

using cuda_on_cpu::contains;
using cuda_on_cpu::error_of;
using cuda_on_cpu::kSchedules;
using cuda_on_cpu::ScopedSchedule;

// Elements 0 to 255 of four matrices one after the other; each lane's registers come back.
__global__ void load(std::uint32_t* four, std::uint32_t* four_transposed, std::uint32_t* two,
                     std::uint32_t* two_transposed) {
  GPT_SHARED(std::uint16_t[256], matrices);
  const unsigned lane = threadIdx.x;
  for (unsigned i = lane; i < 256; i += 32) matrices[i] = static_cast<std::uint16_t>(i);
  __syncthreads();
  const std::uint16_t* row = matrices + 8 * lane;
  std::uint32_t x4[4], x2[2];
  load_matrix_x4(x4, row);
  for (unsigned i = 0; i < 4; ++i) four[lane * 4 + i] = x4[i];
  load_matrix_x4_transposed(x4, row);
  for (unsigned i = 0; i < 4; ++i) four_transposed[lane * 4 + i] = x4[i];
  load_matrix_x2(x2, matrices + 8 * (lane % 16));
  for (unsigned i = 0; i < 2; ++i) two[lane * 2 + i] = x2[i];
  load_matrix_x2_transposed(x2, matrices + 8 * (lane % 16));
  for (unsigned i = 0; i < 2; ++i) two_transposed[lane * 2 + i] = x2[i];
}

TEST_CASE("loads of two and four matrices") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    std::vector<std::uint32_t> four(128), four_transposed(128), two(64), two_transposed(64);
    launch(load, 1, 32, 0, Stream{}, four.data(), four_transposed.data(), two.data(), two_transposed.data());
    for (std::uint32_t lane = 0; lane < 32; ++lane)
      for (std::uint32_t i = 0; i < 4; ++i) {
        const std::uint32_t group = lane / 4, in = lane % 4;
        const auto at = [&](std::uint32_t row, std::uint32_t column) { return 64 * i + 8 * row + column; };
        const std::uint32_t stored = at(group, 2 * in) | at(group, 2 * in + 1) << 16;
        const std::uint32_t transposed = at(2 * in, group) | at(2 * in + 1, group) << 16;
        CHECK(four[lane * 4 + i] == stored);
        CHECK(four_transposed[lane * 4 + i] == transposed);
        if (i < 2) CHECK(two[lane * 2 + i] == stored);
        if (i < 2) CHECK(two_transposed[lane * 2 + i] == transposed);
      }
  }
}

// C [16, 8] = A [16, 16] B [16, 8] + C: fragments filled element by element as the manual numbers them, and
// by loads from shared memory, where A lies by rows, and B by rows (transposed load) or by columns.
enum class Fill { by_element, by_loads, by_loads_of_columns };

template <class T, Fill F>
__global__ void multiply(const T* a, const T* b, float* c) {
  GPT_SHARED(T[16 * 16], a_tile);
  GPT_SHARED(T[16 * 8], b_tile);
  const unsigned lane = threadIdx.x, group = lane / 4, in = lane % 4;
  for (unsigned i = lane; i < 256; i += 32) a_tile[i] = a[i];
  for (unsigned i = lane; i < 128; i += 32)
    b_tile[F == Fill::by_loads_of_columns ? i % 8 * 16 + i / 8 : i] = b[i];
  __syncthreads();
  std::uint32_t of_a[4], of_b[2];
  if (F == Fill::by_element) {
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned row = group + (i % 2) * 8, column = 2 * in + (i / 2) * 8;
      of_a[i] = pair_of<T>(float_of(a[row * 16 + column]), float_of(a[row * 16 + column + 1]));
    }
    for (unsigned i = 0; i < 2; ++i) {
      const unsigned row = 2 * in + 8 * i;
      of_b[i] = pair_of<T>(float_of(b[row * 8 + group]), float_of(b[(row + 1) * 8 + group]));
    }
  } else {
    load_matrix_x4(of_a, a_tile + (lane % 16) * 16 + lane / 16 * 8);
    if (F == Fill::by_loads)
      load_matrix_x2_transposed(of_b, b_tile + (lane % 16) * 8);
    else
      load_matrix_x2(of_b, b_tile + (lane % 8) * 16 + lane % 16 / 8 * 8);
  }
  float of_c[4];
  for (unsigned i = 0; i < 4; ++i) of_c[i] = c[(group + (i / 2) * 8) * 8 + 2 * in + i % 2];
  mma_m16n8k16<T>(of_c, of_a, of_b[0], of_b[1]);
  for (unsigned i = 0; i < 4; ++i) c[(group + (i / 2) * 8) * 8 + 2 * in + i % 2] = of_c[i];
}

template <class T, Fill F>
void check_product() {
  std::vector<T> a(256), b(128);
  std::vector<float> c(128), expected(128);
  // small integers: all sums are exact
  for (std::size_t i = 0; i < 256; ++i)
    a[i] = from_float<T>(static_cast<float>(static_cast<int>(i * 37 % 23) - 11));
  for (std::size_t i = 0; i < 128; ++i)
    b[i] = from_float<T>(static_cast<float>(static_cast<int>(i * 53 % 19) - 9));
  for (std::size_t i = 0; i < 128; ++i) c[i] = expected[i] = static_cast<float>(i);
  for (std::size_t row = 0; row < 16; ++row)
    for (std::size_t column = 0; column < 8; ++column)
      for (std::size_t inner = 0; inner < 16; ++inner)
        expected[row * 8 + column] += to_float(a[row * 16 + inner]) * to_float(b[inner * 8 + column]);
  launch(multiply<T, F>, 1, 32, 0, Stream{}, a.data(), b.data(), c.data());
  CHECK(c == expected);
}

TEST_CASE_TEMPLATE("a product of matrix fragments", T, Bf16, F16) {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    check_product<T, Fill::by_element>();
    check_product<T, Fill::by_loads>();
    check_product<T, Fill::by_loads_of_columns>();
  }
}

__global__ void load_at(int offset) {
  GPT_DYNAMIC_SHARED(unsigned char, rows);
  for (unsigned i = threadIdx.x; i < 1024; i += 32) rows[i] = 0;
  __syncthreads();
  std::uint32_t registers[4];
  load_matrix_x4(registers, rows + 16 * threadIdx.x + offset);
}

__global__ void load_by_half_a_warp() {
  GPT_SHARED(uint4[32], rows);
  rows[threadIdx.x] = make_uint4(0, 0, 0, 0);
  __syncwarp();
  if (threadIdx.x >= 16) return;
  std::uint32_t registers[4];
  load_matrix_x4(registers, rows + threadIdx.x);
}

TEST_CASE("planted: rows that are not aligned, not shared, or not of a whole warp") {
  CHECK(error_of([] { launch(load_at, 1, 32, 1024, Stream{}, 512); }).empty());
  CHECK(contains(error_of([] { launch(load_at, 1, 32, 1024, Stream{}, 8); }), "not aligned to 16 bytes"));
  CHECK(contains(error_of([] { launch(load_at, 1, 32, 1024, Stream{}, 528); }),
                 "outside the block's shared memory"));
  CHECK(contains(error_of([] { launch(load_by_half_a_warp, 1, 32, 0, Stream{}); }), "lanes have exited"));
}

}  // namespace
}  // namespace gpt::tensor
