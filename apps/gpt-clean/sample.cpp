#include "apps/gpt-clean/sample.hpp"

#include <xxhash.h>

namespace gpt::clean {

bool is_sampled(const io::Document& document, double fraction, std::uint64_t seed) {
  const std::string& bytes = document.record.empty() ? document.text : document.record;
  const std::uint64_t hash = XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
  constexpr double kFractions = 9007199254740992.0;  // 2^53, which a double tells apart
  return static_cast<double>(hash >> 11) < fraction * kFractions;
}

}  // namespace gpt::clean
