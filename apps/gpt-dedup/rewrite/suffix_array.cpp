#include "apps/gpt-dedup/rewrite/suffix_array.hpp"

#include <stdexcept>
#include <string>

#if GPT_HAVE_DIVSUFSORT
#include <divsufsort.h>
#endif

namespace gpt::dedup {

bool suffix_arrays_available() { return GPT_HAVE_DIVSUFSORT != 0; }

std::vector<std::int32_t> suffix_array(std::string_view text) {
#if GPT_HAVE_DIVSUFSORT
  std::vector<std::int32_t> array(text.size());
  if (text.empty()) return array;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (divsufsort(bytes, array.data(), static_cast<std::int32_t>(text.size())) != 0)
    throw std::runtime_error("no suffix array of " + std::to_string(text.size()) +
                             " bytes: not enough memory; make the shards smaller");
  return array;
#else
  throw std::runtime_error("no suffix array of " + std::to_string(text.size()) +
                           " bytes: this build has no libdivsufsort");
#endif
}

std::vector<bool> shares_prefix_with_former(std::string_view text, std::span<const std::int32_t> array,
                                            std::size_t length) {
  const auto n = static_cast<std::int32_t>(array.size());
  std::vector<bool> shares(array.size());
  if (n == 0) return shares;
  std::vector<std::int32_t> former(array.size());  // of a suffix, in the order of suffixes
  former[static_cast<std::size_t>(array[0])] = -1;
  for (std::size_t i = 1; i < array.size(); ++i) former[static_cast<std::size_t>(array[i])] = array[i - 1];
  // In text order a common prefix is at most one shorter than the one before.
  std::vector<bool> by_position(array.size());
  std::int32_t common = 0;
  for (std::int32_t at = 0; at < n; ++at) {
    const std::int32_t other = former[static_cast<std::size_t>(at)];
    if (other < 0) {
      common = 0;
      continue;
    }
    while (at + common < n && other + common < n &&
           text[static_cast<std::size_t>(at + common)] == text[static_cast<std::size_t>(other + common)])
      ++common;
    by_position[static_cast<std::size_t>(at)] = static_cast<std::size_t>(common) >= length;
    if (common > 0) --common;
  }
  for (std::size_t i = 0; i < array.size(); ++i) shares[i] = by_position[static_cast<std::size_t>(array[i])];
  return shares;
}

}  // namespace gpt::dedup
