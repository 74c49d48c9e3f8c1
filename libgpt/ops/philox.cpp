#include "libgpt/ops/philox.hpp"

#include <cmath>

#include "libgpt/ops/philox_round.hpp"

namespace gpt::ops {
namespace {

// A full-avalanche step over 64 bits (the finalizer of SplitMix64).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace

std::uint64_t random_stream_key(std::uint64_t seed, RandomPurpose purpose, std::uint32_t site,
                                std::int64_t layer) {
  const std::uint64_t place = (static_cast<std::uint64_t>(purpose) << 56) |
                              (static_cast<std::uint64_t>(site) << 40) | static_cast<std::uint64_t>(layer);
  return mixed(mixed(seed) ^ place);
}

std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counter_low,
                                    std::uint64_t counter_high) {
  auto key0 = static_cast<std::uint32_t>(key);
  auto key1 = static_cast<std::uint32_t>(key >> 32);
  std::array<std::uint32_t, 4> c = {
      static_cast<std::uint32_t>(counter_low), static_cast<std::uint32_t>(counter_low >> 32),
      static_cast<std::uint32_t>(counter_high), static_cast<std::uint32_t>(counter_high >> 32)};
  for (int round = 0; round < kPhiloxRounds; ++round) {
    philox_round(c[0], c[1], c[2], c[3], key0, key1);
    key0 += kPhiloxKeyStep0;
    key1 += kPhiloxKeyStep1;
  }
  return c;
}

std::uint32_t Dropout::threshold() const {
  return static_cast<std::uint32_t>(std::llround(probability * 4294967296.0));
}

float Dropout::scale() const { return static_cast<float>(1.0 / (1.0 - probability)); }

Dropout make_dropout(double probability, std::uint64_t seed, DropoutSite site, std::int64_t layer) {
  return {probability,
          random_stream_key(seed, RandomPurpose::dropout, static_cast<std::uint32_t>(site), layer)};
}

}  // namespace gpt::ops
