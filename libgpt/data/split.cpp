#include "libgpt/data/split.hpp"

#include <charconv>
#include <cmath>

#include "libgpt/data/errors.hpp"
#include "libgpt/data/weights.hpp"

namespace gpt::data {

std::string_view name_of(Part part) {
  constexpr std::array<std::string_view, 3> kNames = {"train", "valid", "test"};
  return kNames[static_cast<std::size_t>(part)];
}

Split::Split(std::string text, const std::vector<double>& parts) : text_(std::move(text)) {
  const auto fractions = normalised(parts);
  for (std::size_t i = 0; i < fractions.size(); ++i) bounds_[i + 1] = bounds_[i] + fractions[i];
}

Split Split::parse_or_throw(const std::string& text) {
  const auto refuse = [&text] {
    throw SampleError("--split " + text +
                      " is not one to three numbers like 969,30,1 for train, valid and test");
  };
  std::vector<double> parts;
  double sum = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    double part = 0;
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc{} || !(part >= 0) || !std::isfinite(part) || parts.size() == 3) refuse();
    parts.push_back(part);
    sum += part;
    if (next == end) break;
    if (*next != ',') refuse();
    at = next + 1;
  }
  if (sum == 0) refuse();
  parts.resize(3);
  return {text, parts};
}

Split Split::whole(Part part) {
  std::vector<double> parts(3);
  parts[static_cast<std::size_t>(part)] = 1;
  return {"", parts};
}

SequenceRange Split::range(Part part, std::int64_t sequences) const {
  const auto bound = [&](std::size_t i) {
    return static_cast<std::int64_t>(std::nearbyint(bounds_[i] * static_cast<double>(sequences)));
  };
  const auto index = static_cast<std::size_t>(part);
  return {bound(index), bound(index + 1)};
}

}  // namespace gpt::data
