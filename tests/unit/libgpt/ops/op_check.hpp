#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/ops/cpu/kernel_table.hpp"

namespace gpt::op_check {

template <class T>
std::vector<T> random_values(std::size_t count, unsigned seed, double scale = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, scale);
  std::vector<T> values(count);
  for (T& value : values) value = static_cast<T>(normal(random));
  return values;
}

template <class A, class B>
void check_close(const std::vector<A>& seen, const std::vector<B>& wanted, double tolerance) {
  REQUIRE(seen.size() == wanted.size());
  double worst = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double want = static_cast<double>(wanted[i]);
    const double error = std::abs(static_cast<double>(seen[i]) - want) / (1 + std::abs(want));
    if (!(error <= worst)) {
      worst = error;
      at = i;
    }
  }
  CAPTURE(at);
  CHECK(worst <= tolerance);
}

// Runs body on every instruction set that this machine has.
inline void on_every_isa(const std::function<void()>& body) {
  for (const ops::cpu::Isa isa : ops::cpu::supported_isas()) {
    ops::cpu::select_isa(isa);
    const std::string name(ops::cpu::isa_name(isa));
    CAPTURE(name);
    body();
  }
  ops::cpu::select_isa(ops::cpu::supported_isas().back());
}

// Compares a gradient with central differences of sum(weights * output(x)) at every element of x.
inline void check_gradient(std::vector<double>& x, const std::vector<double>& gradient,
                           const std::function<double()>& loss) {
  REQUIRE(gradient.size() == x.size());
  std::vector<double> measured(x.size());
  constexpr double kStep = 1e-5;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double kept = x[i];
    x[i] = kept + kStep;
    const double above = loss();
    x[i] = kept - kStep;
    measured[i] = (above - loss()) / (2 * kStep);
    x[i] = kept;
  }
  check_close(gradient, measured, 1e-8);
}

inline double weighted_sum(const std::vector<double>& weights, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += weights[i] * values[i];
  return sum;
}

}  // namespace gpt::op_check
