#include "libgpt/model/initialise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "libgpt/ops/philox.hpp"

namespace gpt::model {
namespace {

// Four normal deviates of one counter, by Box and Muller.
std::array<double, 4> normal_deviates(std::uint64_t key, std::uint64_t block) {
  const auto words = ops::philox(key, block, 0);
  std::array<double, 4> deviates{};
  for (std::size_t pair = 0; pair < 4; pair += 2) {
    const double radius = std::sqrt(-2 * std::log((words[pair] + 0.5) / 4294967296.0));
    const double angle = 2 * std::numbers::pi * (words[pair + 1] / 4294967296.0);
    deviates[pair] = radius * std::cos(angle);
    deviates[pair + 1] = radius * std::sin(angle);
  }
  return deviates;
}

// Numbers that follow each other in the whole tensor; those of a counter may be cut off at both ends.
template <class T>
void fill_run(double deviation, std::uint64_t key, std::int64_t first, std::span<T> values) {
  const std::int64_t end = first + static_cast<std::int64_t>(values.size());
  for (std::int64_t block = first / 4; 4 * block < end; ++block) {
    const auto deviates = normal_deviates(key, static_cast<std::uint64_t>(block));
    for (std::int64_t i = std::max(first, 4 * block); i < std::min(4 * block + 4, end); ++i) {
      values[static_cast<std::size_t>(i - first)] =
          static_cast<T>(deviation * deviates[static_cast<std::size_t>(i % 4)]);
    }
  }
}

// A number depends on its place in the whole tensor, whatever part of it is here.
template <class T>
void fill_normal(double deviation, std::uint64_t key, const TensorPart& part, std::span<T> values) {
  constexpr std::int64_t kStretch = 1 << 14;
  const std::int64_t count = part.count();
#pragma omp parallel for schedule(static)
  for (std::int64_t first = 0; first < count; first += kStretch) {
    for (const Run& run : runs_of(part, first, std::min(first + kStretch, count))) {
      fill_run(deviation, key, run.global,
               values.subspan(static_cast<std::size_t>(run.local), static_cast<std::size_t>(run.count)));
    }
  }
}

template <class T>
void initialise_parameter(const ModelConfig& config, const Parameter& parameter, std::uint64_t seed,
                          std::span<T> values) {
  const double projection_std =
      config.init_method_std / std::sqrt(2.0 * static_cast<double>(config.shape.layers));
  const std::uint64_t key = ops::random_stream_key(
      seed, ops::RandomPurpose::initialisation, static_cast<std::uint32_t>(parameter.site), parameter.layer);
  switch (parameter.role) {
    case ParameterRole::token_embedding:
    case ParameterRole::position_embedding:
    case ParameterRole::linear_weight:
      fill_normal(config.init_method_std, key, parameter.part, values);
      break;
    case ParameterRole::projection_weight:
      fill_normal(projection_std, key, parameter.part, values);
      break;
    case ParameterRole::norm_weight:
      std::fill(values.begin(), values.end(), T{1});
      break;
    case ParameterRole::norm_bias:
    case ParameterRole::linear_bias:
      std::fill(values.begin(), values.end(), T{0});
      break;
  }
}

}  // namespace

template <class T>
void initialise_weights(const ModelConfig& config, const ParameterLayout& layout, std::uint64_t seed,
                        std::span<T> weights) {
  for (const Parameter& parameter : layout.parameters()) {
    initialise_parameter(config, parameter, seed, tensor_of(weights, parameter));
  }
}

std::vector<float> initial_values(const ModelConfig& config, const Parameter& parameter, std::uint64_t seed) {
  std::vector<float> values(parameter.count);
  initialise_parameter<float>(config, parameter, seed, values);
  return values;
}

template void initialise_weights<float>(const ModelConfig&, const ParameterLayout&, std::uint64_t,
                                        std::span<float>);
template void initialise_weights<double>(const ModelConfig&, const ParameterLayout&, std::uint64_t,
                                         std::span<double>);

}  // namespace gpt::model
