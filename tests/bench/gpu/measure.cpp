#include "tests/bench/gpu/measure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "libgpt/tensor/device.hpp"

namespace gpt::bench {
namespace {

constexpr double kSecondsOfRound = 5e-3;
constexpr int kRounds = 11;
constexpr int kMostCalls = 2000;

double seconds_of_calls(const std::function<void()>& work, int calls) {
  const auto begin = tensor::device().mark();
  for (int i = 0; i < calls; ++i) work();
  const auto end = tensor::device().mark();
  return end->seconds_since(*begin) / calls;
}

}  // namespace

double seconds_of(const std::function<void()>& work) {
  work();  // memory, choices of algorithms
  const double first = seconds_of_calls(work, 1);
  const int calls =
      std::clamp(static_cast<int>(std::ceil(kSecondsOfRound / std::max(first, 1e-7))), 1, kMostCalls);
  std::vector<double> rounds;
  for (int round = 0; round < kRounds; ++round) rounds.push_back(seconds_of_calls(work, calls));
  std::nth_element(rounds.begin(), rounds.begin() + kRounds / 2, rounds.end());
  return rounds[kRounds / 2];
}

double copy_bandwidth(Sizes sizes) {
  const std::int64_t count = sizes == Sizes::real ? std::int64_t{1} << 28 : 1000;
  const auto from = random_numbers<tensor::DeviceF32>(count);
  tensor::AlignedBuffer<tensor::DeviceF32> to(static_cast<std::size_t>(count));
  const double seconds = seconds_of([&] { tensor::copy<tensor::DeviceF32>(from.span(), to.span()); });
  return 2.0 * 4.0 * static_cast<double>(count) / seconds;
}

void print_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  std::puts(line.c_str());
  std::fflush(stdout);
}

void print_header(const std::vector<std::string>& columns) {
  std::puts("");
  print_row(columns);
  std::string line = "|---|";
  for (std::size_t i = 1; i < columns.size(); ++i) line += "---:|";
  std::puts(line.c_str());
}

std::string number(double value, int decimals) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string percent(double share) { return number(100 * share, 0) + " %"; }

}  // namespace gpt::bench
