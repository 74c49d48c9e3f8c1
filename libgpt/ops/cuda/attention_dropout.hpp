#pragma once

#include "libgpt/ops/cuda/attention_task.hpp"

namespace gpt::ops::cuda {

// The words that decide about one row of probabilities of a head (a query), as ops::Dropout lays them out.
struct DropoutRow {
  std::uint64_t key, counter, sample;

  __device__ __forceinline__ uint4 words(int block) const {
    const std::uint64_t low = counter + static_cast<std::uint32_t>(block);
    auto c0 = static_cast<std::uint32_t>(low);
    auto c1 = static_cast<std::uint32_t>(low >> 32);
    auto c2 = static_cast<std::uint32_t>(sample);
    auto c3 = static_cast<std::uint32_t>(sample >> 32);
    auto key0 = static_cast<std::uint32_t>(key);
    auto key1 = static_cast<std::uint32_t>(key >> 32);
#pragma unroll
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t product0 = std::uint64_t{0xD2511F53u} * c0;
      const std::uint64_t product1 = std::uint64_t{0xCD9E8D57u} * c2;
      c0 = static_cast<std::uint32_t>(product1 >> 32) ^ c1 ^ key0;
      c1 = static_cast<std::uint32_t>(product1);
      c2 = static_cast<std::uint32_t>(product0 >> 32) ^ c3 ^ key1;
      c3 = static_cast<std::uint32_t>(product0);
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    return {c0, c1, c2, c3};
  }
};

__device__ __forceinline__ DropoutRow dropout_row(const ProbabilityDropout& d, HeadPlace place, int query) {
  const auto plane = static_cast<std::uint64_t>(d.first_head + place.head);
  return {d.key, ((plane << 20) + static_cast<std::uint32_t>(query)) << 20, d.samples[place.sequence]};
}

// Keys that share 16 blocks.
constexpr int kDropoutGroup = 64;

// A lane holds 16 of the 64 keys of a group in a row of accumulators: 8 n + 2 in + e for n < 8, e < 2 (in =
// lane % 4). They read every word of four blocks. Bit 2 n + e tells whether the key is dropped.
__device__ __forceinline__ std::uint32_t dropped_keys(const DropoutRow& row, std::uint32_t threshold,
                                                      int group, int in) {
  std::uint32_t bits = 0;
#pragma unroll
  for (int odd = 0; odd < 2; ++odd) {
#pragma unroll
    for (int e = 0; e < 2; ++e) {
      const uint4 w = row.words(group * 16 + odd * 8 + 2 * in + e);
      const int first = 2 * odd + e;
      bits |= (w.x < threshold ? 1u : 0u) << first;
      bits |= (w.y < threshold ? 1u : 0u) << (first + 4);
      bits |= (w.z < threshold ? 1u : 0u) << (first + 8);
      bits |= (w.w < threshold ? 1u : 0u) << (first + 12);
    }
  }
  return bits;
}

}  // namespace gpt::ops::cuda
