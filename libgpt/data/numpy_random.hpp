#pragma once

#include <cstdint>
#include <random>
#include <span>

namespace gpt::data {

// numpy.random.RandomState(seed) as far as shuffling goes: an MT19937 started by init_genrand, and the order
// of draws that RandomState.shuffle makes. The orders of Megatron's samples follow from it.
class NumpyRandom {
 public:
  explicit NumpyRandom(std::uint32_t seed) : generator_(seed) {}

  // At most 2^32 elements.
  template <class T>
  void shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i-- > 1;) {
      const std::size_t j = interval(static_cast<std::uint32_t>(i));
      const T moved = values[i];
      values[i] = values[j];
      values[j] = moved;
    }
  }

 private:
  // Uniform in [0, largest]: draws masked to the bits of largest, those above it thrown away.
  std::uint32_t interval(std::uint32_t largest) {
    std::uint32_t mask = largest;
    for (const int shift : {1, 2, 4, 8, 16}) mask |= mask >> shift;
    std::uint32_t value = 0;
    do {
      value = static_cast<std::uint32_t>(generator_()) & mask;
    } while (value > largest);
    return value;
  }

  std::mt19937 generator_;
};

}  // namespace gpt::data
