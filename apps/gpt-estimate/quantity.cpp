#include "apps/gpt-estimate/quantity.hpp"

#include <cstdio>
#include <span>

namespace gpt::estimate {
namespace {

// Four significant digits of a value below 10,000.
std::string four_digits(double value) { return fixed(value, value < 9.9995 ? 3 : value < 99.995 ? 2 : 1); }

std::string scaled(double value, double base, std::span<const char* const> units) {
  std::size_t unit = 0;
  while (unit + 1 < units.size() && value >= base * 0.99995) {
    value /= base;
    ++unit;
  }
  const std::string number = unit == 0 ? fixed(value, 0) : four_digits(value);
  const std::string name = units[unit];
  return name.empty() ? number : number + " " + name;
}

}  // namespace

std::string fixed(double value, int decimals) {
  char buffer[64];
  const int length = std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return {buffer, static_cast<std::size_t>(length)};
}

std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string count_text(double value) {
  static constexpr const char* kUnits[] = {"", "k", "M", "B", "T"};
  return scaled(value, 1000, kUnits);
}

std::string flops_text(double operations) {
  static constexpr const char* kUnits[] = {"FLOP",  "kFLOP", "MFLOP", "GFLOP", "TFLOP",
                                           "PFLOP", "EFLOP", "ZFLOP", "YFLOP"};
  return scaled(operations, 1000, kUnits);
}

std::string bytes_text(double bytes) {
  static constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
  return scaled(bytes, 1024, kUnits);
}

std::string duration_text(double seconds) {
  if (seconds < 120) return four_digits(seconds) + " s";
  if (seconds < 2 * 3600) return fixed(seconds / 60, 1) + " minutes";
  if (seconds < 2 * 86400) return fixed(seconds / 3600, 1) + " hours";
  return fixed(seconds / 86400, 1) + " days";
}

std::string percent_text(double share) { return fixed(100 * share, 1) + " %"; }

}  // namespace gpt::estimate
