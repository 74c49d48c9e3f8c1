#include "apps/gpt-clean/rules/calling_codes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace gpt::clean {
namespace {

constexpr std::size_t kLeastDigits = 8;
constexpr std::size_t kMostDigits = 15;

// Codes whose numbers have a known length, the code not counted.
struct KnownLength {
  std::string_view code;
  std::size_t least, most;
};
constexpr std::array<KnownLength, 8> kKnown = {{{"46", 7, 10},
                                                {"47", 8, 8},
                                                {"45", 8, 8},
                                                {"358", 6, 12},
                                                {"354", 7, 9},
                                                {"298", 6, 6},
                                                {"1", 10, 10},
                                                {"7", 10, 10}}};

// What no code begins with that is assigned.
constexpr std::array<std::string_view, 4> kUnassigned = {"0", "28", "83", "89"};

}  // namespace

bool is_international_number(std::string_view digits) {
  if (digits.size() < kLeastDigits || digits.size() > kMostDigits) return false;
  for (const KnownLength& known : kKnown) {
    if (!digits.starts_with(known.code)) continue;
    const std::size_t rest = digits.size() - known.code.size();
    // Areas of North America begin with 2 to 9.
    return rest >= known.least && rest <= known.most && !(known.code == "1" && digits[1] < '2');
  }
  return std::none_of(kUnassigned.begin(), kUnassigned.end(),
                      [&](std::string_view code) { return digits.starts_with(code); });
}

bool has_nordic_code(std::string_view digits) {
  constexpr std::array<std::string_view, 6> kCodes = {"46", "47", "45", "358", "354", "298"};
  return std::any_of(kCodes.begin(), kCodes.end(),
                     [&](std::string_view code) { return digits.starts_with(code); });
}

}  // namespace gpt::clean
