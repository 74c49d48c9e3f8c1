#pragma once

// Matrix fragments: loads of 8 x 8 matrices and products. language.hpp states the layouts.

#include <cstdint>
#include <type_traits>

#include "libgpt/tensor/element.hpp"
#include "tests/support/cuda_on_cpu/machine.hpp"

namespace gpt::cuda_on_cpu {

enum class Fragment { as_stored, transposed };
enum class InputType { bf16, f16 };

void load_matrices(std::uint32_t* registers, unsigned matrices, const void* row, Fragment fragment,
                   const Site& site);
void multiply_accumulate(InputType type, float* c, const std::uint32_t* a, std::uint32_t b0, std::uint32_t b1,
                         const Site& site);

}  // namespace gpt::cuda_on_cpu

namespace gpt::tensor {

inline void load_matrix_x4(std::uint32_t (&r)[4], const void* row,
                           cuda_on_cpu::Site site = cuda_on_cpu::Site::here()) {
  cuda_on_cpu::load_matrices(r, 4, row, cuda_on_cpu::Fragment::as_stored, site);
}
inline void load_matrix_x4_transposed(std::uint32_t (&r)[4], const void* row,
                                      cuda_on_cpu::Site site = cuda_on_cpu::Site::here()) {
  cuda_on_cpu::load_matrices(r, 4, row, cuda_on_cpu::Fragment::transposed, site);
}
inline void load_matrix_x2(std::uint32_t (&r)[2], const void* row,
                           cuda_on_cpu::Site site = cuda_on_cpu::Site::here()) {
  cuda_on_cpu::load_matrices(r, 2, row, cuda_on_cpu::Fragment::as_stored, site);
}
inline void load_matrix_x2_transposed(std::uint32_t (&r)[2], const void* row,
                                      cuda_on_cpu::Site site = cuda_on_cpu::Site::here()) {
  cuda_on_cpu::load_matrices(r, 2, row, cuda_on_cpu::Fragment::transposed, site);
}

template <class T>
void mma_m16n8k16(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1,
                  cuda_on_cpu::Site site = cuda_on_cpu::Site::here()) {
  static_assert(std::is_same_v<T, Bf16> || std::is_same_v<T, F16>);
  constexpr auto kType = std::is_same_v<T, Bf16> ? cuda_on_cpu::InputType::bf16 : cuda_on_cpu::InputType::f16;
  cuda_on_cpu::multiply_accumulate(kType, c, a, b0, b1, site);
}

}  // namespace gpt::tensor
