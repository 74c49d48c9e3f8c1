#include "tests/support/cuda_on_cpu/tensor_core.hpp"

#include <cstring>

#include "tests/support/cuda_on_cpu/sanitizers.hpp"

namespace gpt::cuda_on_cpu {
namespace {

constexpr unsigned kWholeWarp = 0xFFFFFFFFu;

std::uint32_t halfword(const Posted& posted, unsigned row_lane, unsigned column) {
  std::uint16_t value;
  std::memcpy(&value, posted.slots[row_lane].bytes + 2 * column, 2);
  return value;
}

// All 32 lanes take part in these, whatever lanes are named elsewhere.
void check_whole(const Posted& posted, const char* what, const Site& site) {
  if (posted.lanes != kWholeWarp)
    t_machine->fail(std::string(what) + " by a warp some of whose lanes have exited", site);
}

struct Operands {
  std::uint32_t a[4], b[2];
  float c[4];
};
static_assert(sizeof(Operands) <= Posted::kSlot);

template <class T>
void load_pair(std::uint32_t pair, float& low, float& high) {
  low = tensor::to_float(T{static_cast<std::uint16_t>(pair)});
  high = tensor::to_float(T{static_cast<std::uint16_t>(pair >> 16)});
}

// Collects the matrices from the lanes, multiplies, and leaves each lane its part of the product.
template <class T>
void multiply(Posted& posted) {
  constexpr unsigned kRows = 16, kColumns = 8, kInner = 16;
  float a[kRows][kInner], b[kInner][kColumns];
  for (unsigned lane = 0; lane < kWarpSize; ++lane) {
    Operands of_lane;
    std::memcpy(&of_lane, posted.slots[lane].bytes, sizeof(of_lane));
    const unsigned group = lane / 4, in = lane % 4;
    for (unsigned i = 0; i < 4; ++i) {
      float* row = a[group + (i % 2) * 8] + 2 * in + (i / 2) * 8;
      load_pair<T>(of_lane.a[i], row[0], row[1]);
    }
    for (unsigned i = 0; i < 2; ++i)
      load_pair<T>(of_lane.b[i], b[2 * in + 8 * i][group], b[2 * in + 8 * i + 1][group]);
  }
  float product[kRows][kColumns] = {};
  for (unsigned row = 0; row < kRows; ++row)
    for (unsigned inner = 0; inner < kInner; ++inner)
      for (unsigned column = 0; column < kColumns; ++column)
        product[row][column] += a[row][inner] * b[inner][column];
  for (unsigned lane = 0; lane < kWarpSize; ++lane) {
    Operands of_lane;
    std::memcpy(&of_lane, posted.slots[lane].bytes, sizeof(of_lane));
    for (unsigned i = 0; i < 4; ++i) of_lane.c[i] += product[lane / 4 + (i / 2) * 8][2 * (lane % 4) + i % 2];
    std::memcpy(posted.slots[lane].bytes, &of_lane, sizeof(of_lane));
  }
}

}  // namespace

void load_matrices(std::uint32_t* registers, unsigned matrices, const void* row, Fragment fragment,
                   const Site& site) {
  constexpr std::size_t kRowBytes = 16;
  const char* what = matrices == 4 ? "load_matrix_x4" : "load_matrix_x2";
  std::byte bytes[kRowBytes] = {};
  if (t_thread->lane < 8 * matrices) {
    t_machine->check_shared(row, kRowBytes, what, site);
    std::memcpy(bytes, row, kRowBytes);
  }
  // All rows are read before any lane goes on: a lane may then write where another gave the address.
  const Posted& posted =
      t_machine->meet(kWholeWarp, what, site, bytes, kRowBytes, nullptr, Machine::Memory::ordered);
  EmulatorAtWork emulator;
  check_whole(posted, what, site);
  const unsigned group = t_thread->lane / 4, in = t_thread->lane % 4;
  for (unsigned i = 0; i < matrices; ++i) {
    const unsigned first = 8 * i;
    registers[i] =
        fragment == Fragment::as_stored
            ? halfword(posted, first + group, 2 * in) | halfword(posted, first + group, 2 * in + 1) << 16
            : halfword(posted, first + 2 * in, group) | halfword(posted, first + 2 * in + 1, group) << 16;
  }
}

void multiply_accumulate(InputType type, float* c, const std::uint32_t* a, std::uint32_t b0, std::uint32_t b1,
                         const Site& site) {
  const Operands own{{a[0], a[1], a[2], a[3]}, {b0, b1}, {c[0], c[1], c[2], c[3]}};
  const Posted& posted =
      t_machine->meet(kWholeWarp, "mma_m16n8k16", site, &own, sizeof(own),
                      type == InputType::bf16 ? &multiply<tensor::Bf16> : &multiply<tensor::F16>);
  EmulatorAtWork emulator;
  check_whole(posted, "mma_m16n8k16", site);
  Operands result;
  std::memcpy(&result, posted.slots[t_thread->lane].bytes, sizeof(result));
  for (unsigned i = 0; i < 4; ++i) c[i] = result.c[i];
}

}  // namespace gpt::cuda_on_cpu
