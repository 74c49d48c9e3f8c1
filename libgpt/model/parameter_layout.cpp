#include "libgpt/model/parameter_layout.hpp"

#include <algorithm>
#include <numeric>

namespace gpt::model {
namespace {

// In elements of 4 bytes: 64 bytes, a cache line and the widest vector.
constexpr std::size_t kStride = 16;
constexpr std::size_t kTensorsPerBlock = 12;

}  // namespace

ParameterLayout::ParameterLayout(const cost::ModelShape& shape) {
  using Role = ParameterRole;
  using Site = ParameterSite;
  const std::int64_t h = shape.hidden;
  const std::int64_t attention = shape.heads * shape.head_size();
  const std::int64_t mlp = shape.mlp_size();

  add("transformer.wte.weight", {shape.vocabulary, h}, Role::token_embedding, Site::token_embedding, 0);
  add("transformer.wpe.weight", {shape.positions, h}, Role::position_embedding, Site::position_embedding, 0);
  for (std::int64_t l = 0; l < shape.layers; ++l) {
    const std::string block = "transformer.h." + std::to_string(l) + ".";
    const auto norm = [&](const char* name, Site site) {
      add(block + name + ".weight", {h}, Role::norm_weight, site, l);
      add(block + name + ".bias", {h}, Role::norm_bias, site, l);
    };
    const auto linear = [&](const char* name, std::int64_t in, std::int64_t out, Role role, Site site) {
      add(block + name + ".weight", {in, out}, role, site, l);
      add(block + name + ".bias", {out}, Role::linear_bias, site, l);
    };
    norm("ln_1", Site::ln_1);
    linear("attn.c_attn", h, 3 * attention, Role::linear_weight, Site::attention_qkv);
    linear("attn.c_proj", attention, h, Role::projection_weight, Site::attention_projection);
    norm("ln_2", Site::ln_2);
    linear("mlp.c_fc", h, mlp, Role::linear_weight, Site::mlp_in);
    linear("mlp.c_proj", mlp, h, Role::projection_weight, Site::mlp_projection);
  }
  add("transformer.ln_f.weight", {h}, Role::norm_weight, Site::ln_f, 0);
  add("transformer.ln_f.bias", {h}, Role::norm_bias, Site::ln_f, 0);
}

void ParameterLayout::add(std::string name, std::vector<std::int64_t> shape, ParameterRole role,
                          ParameterSite site, std::int64_t layer) {
  Parameter parameter{std::move(name), std::move(shape), buffer_size_, 0, role, site, layer};
  parameter.count = static_cast<std::size_t>(
      std::accumulate(parameter.shape.begin(), parameter.shape.end(), std::int64_t{1}, std::multiplies<>{}));
  buffer_size_ += (parameter.count + kStride - 1) / kStride * kStride;
  parameters_.push_back(std::move(parameter));
}

const Parameter* ParameterLayout::find(std::string_view name) const {
  const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [&](const Parameter& parameter) { return parameter.name == name; });
  return found == parameters_.end() ? nullptr : &*found;
}

const Parameter& ParameterLayout::outer(Outer which) const {
  const auto i = static_cast<std::size_t>(which);
  return i < 2 ? parameters_[i] : parameters_[parameters_.size() - 4 + i];
}

const Parameter& ParameterLayout::inner(std::int64_t layer, Inner which) const {
  return parameters_[2 + static_cast<std::size_t>(layer) * kTensorsPerBlock +
                     static_cast<std::size_t>(which)];
}

}  // namespace gpt::model
