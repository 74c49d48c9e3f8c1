#pragma once

#include <array>
#include <cstdint>

namespace gpt::ops {

// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011). A number is a function of its key and counter alone, so it does not matter who draws it, or when.

// What a stream of random numbers is for.
enum class RandomPurpose : std::uint32_t { initialisation = 1, dropout = 2, sampling = 3 };

// Where in the model dropout happens.
enum class DropoutSite : std::uint32_t { embedding, attention, attention_output, mlp_output };

// The stream of one (seed, purpose, site, layer).
std::uint64_t random_stream_key(std::uint64_t seed, RandomPurpose purpose, std::uint32_t site,
                                std::int64_t layer);

// Four words for one counter.
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counter_low, std::uint64_t counter_high);

// A dropout layer: which elements it drops depends on the key, the sample and the element alone.
//   element: plane (head, or 0), row (query, or position), column (key, or channel)
//   counter: low = ((plane * 2^20 + row) * 2^20 + block), high = sample; 64 columns take 16 counters: column
//   c reads word (c / 16 % 4) of block (c / 64 * 16 + c % 16), which lets 16 lanes draw at once.
struct Dropout {
  double probability = 0;  // 0: none
  std::uint64_t key = 0;

  bool active() const { return probability > 0; }
  // A random word below it drops its element; what is kept is scaled.
  std::uint32_t threshold() const;
  float scale() const;
};

// The largest row or column index + 1 that a counter can name.
constexpr std::int64_t kDropoutExtent = std::int64_t{1} << 20;

Dropout make_dropout(double probability, std::uint64_t seed, DropoutSite site, std::int64_t layer);

}  // namespace gpt::ops
