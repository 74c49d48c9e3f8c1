#include "apps/gpt-dedup/stages/settings.hpp"

#include <algorithm>
#include <cstdio>

namespace gpt::dedup {

std::optional<std::string> difference(const Settings& there, const Settings& asked) {
  for (std::size_t i = 0; i < std::max(there.size(), asked.size()); ++i) {
    const std::string was = i < there.size() ? there[i].name + " " + there[i].value : "no more";
    const std::string is = i < asked.size() ? asked[i].name + " " + asked[i].value : "no more";
    if (was != is) return was + ", not " + is;
  }
  return std::nullopt;
}

std::string in_hex(std::uint64_t fingerprint) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(fingerprint));
  return digits;
}

}  // namespace gpt::dedup
