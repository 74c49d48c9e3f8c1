#pragma once

#include <cstdint>

// A round of Philox4x32 for whoever draws: the op, the kernels of every instruction set and those of the GPU.
// Never a function of its own, so that none compiled for a newer processor is called on an older one.
#ifdef __CUDACC__
#define GPT_EVERYWHERE __host__ __device__ __forceinline__
#else
#define GPT_EVERYWHERE inline __attribute__((always_inline))
#endif

namespace gpt::ops {
namespace {

constexpr int kPhiloxRounds = 10;
// What a round adds to the two halves of the key.
constexpr std::uint32_t kPhiloxKeyStep0 = 0x9E3779B9u;
constexpr std::uint32_t kPhiloxKeyStep1 = 0xBB67AE85u;

GPT_EVERYWHERE void philox_round(std::uint32_t& c0, std::uint32_t& c1, std::uint32_t& c2, std::uint32_t& c3,
                                 std::uint32_t key0, std::uint32_t key1) {
  const std::uint64_t product0 = std::uint64_t{0xD2511F53u} * c0;
  const std::uint64_t product1 = std::uint64_t{0xCD9E8D57u} * c2;
  c0 = static_cast<std::uint32_t>(product1 >> 32) ^ c1 ^ key0;
  c1 = static_cast<std::uint32_t>(product1);
  c2 = static_cast<std::uint32_t>(product0 >> 32) ^ c3 ^ key1;
  c3 = static_cast<std::uint32_t>(product0);
}

}  // namespace
}  // namespace gpt::ops
