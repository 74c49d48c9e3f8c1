#include "apps/gpt-estimate/scaled_number.hpp"

#include <charconv>
#include <cmath>

namespace gpt::estimate {
namespace {

std::optional<double> scale_of(std::string_view suffix) {
  if (suffix.empty()) return 1.0;
  if (suffix.size() != 1) return std::nullopt;
  switch (suffix[0]) {
    case 'k':
    case 'K':
      return 1e3;
    case 'm':
    case 'M':
      return 1e6;
    case 'b':
    case 'B':
    case 'g':
    case 'G':
      return 1e9;
    case 't':
    case 'T':
      return 1e12;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<double> scaled_number(std::string_view text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || !std::isfinite(value) || value <= 0) return std::nullopt;
  const auto scale = scale_of(text.substr(static_cast<std::size_t>(rest - text.data())));
  if (!scale || !std::isfinite(value * *scale)) return std::nullopt;
  return value * *scale;
}

}  // namespace gpt::estimate
