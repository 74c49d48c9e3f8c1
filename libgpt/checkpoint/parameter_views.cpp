#include "libgpt/checkpoint/parameter_views.hpp"

namespace gpt::checkpoint {

std::vector<TensorView> parameter_views(const model::ParameterLayout& layout, std::span<const float> buffer) {
  std::vector<TensorView> views;
  for (const auto& parameter : layout.parameters()) {
    views.push_back({parameter.name, parameter.shape, model::tensor_of(buffer, parameter)});
  }
  return views;
}

void read_parameters_or_throw(TensorSet& set, const model::ParameterLayout& layout, std::span<float> buffer) {
  for (const auto& parameter : layout.parameters()) {
    set.read_or_throw(parameter.name, parameter.shape, model::tensor_of(buffer, parameter));
  }
}

}  // namespace gpt::checkpoint
