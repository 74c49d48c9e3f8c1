#include "libgpt/model/parameter_layout.hpp"

#include <algorithm>

namespace gpt::model {
namespace {

// In elements of 4 bytes: 64 bytes, a cache line and the widest vector.
constexpr std::size_t kStride = 16;
constexpr std::size_t kTensorsPerBlock = 12;

}  // namespace

ParameterLayout::ParameterLayout(const cost::ModelShape& shape)
    : ParameterLayout(shape, whole_model(shape)) {}

ParameterLayout::ParameterLayout(const cost::ModelShape& shape, const ModelPart& part) : part_(part) {
  using Role = ParameterRole;
  using Site = ParameterSite;
  if (part_.has_embedding() || part_.has_head()) {
    add("transformer.wte.weight", {shape.vocabulary, shape.hidden}, Cut::rows, Role::token_embedding,
        Site::token_embedding, 0)
        .tied_copy = !part_.has_embedding();
  }
  if (part_.has_embedding()) {
    add("transformer.wpe.weight", {shape.positions, shape.hidden}, Cut::none, Role::position_embedding,
        Site::position_embedding, 0);
  }
  first_block_ = parameters_.size();
  for (const std::int64_t layer : part_.layers) add_block(shape, layer);
  if (part_.has_head()) {
    add("transformer.ln_f.weight", {shape.hidden}, Cut::none, Role::norm_weight, Site::ln_f, 0);
    add("transformer.ln_f.bias", {shape.hidden}, Cut::none, Role::norm_bias, Site::ln_f, 0);
  }
}

// Linears that widen are cut by columns, those that narrow by rows, so that what lies between them is never
// whole; norms, and biases added after the sum over ranks, are everywhere (Shoeybi et al., arXiv 1909.08053).
void ParameterLayout::add_block(const cost::ModelShape& shape, std::int64_t layer) {
  using Role = ParameterRole;
  using Site = ParameterSite;
  const std::int64_t h = shape.hidden;
  const std::int64_t attention = shape.heads * shape.head_size();
  const std::int64_t mlp = shape.mlp_size();
  const std::string block = "transformer.h." + std::to_string(layer) + ".";
  const auto norm = [&](const char* name, Site site) {
    add(block + name + ".weight", {h}, Cut::none, Role::norm_weight, site, layer);
    add(block + name + ".bias", {h}, Cut::none, Role::norm_bias, site, layer);
  };
  const auto widen = [&](const char* name, std::int64_t out, Cut cut, Site site) {
    add(block + name + ".weight", {h, out}, cut, Role::linear_weight, site, layer);
    add(block + name + ".bias", {out}, cut, Role::linear_bias, site, layer);
  };
  const auto narrow = [&](const char* name, std::int64_t in, Site site) {
    add(block + name + ".weight", {in, h}, Cut::rows, Role::projection_weight, site, layer);
    add(block + name + ".bias", {h}, Cut::none, Role::linear_bias, site, layer);
  };
  norm("ln_1", Site::ln_1);
  widen("attn.c_attn", 3 * attention, Cut::qkv, Site::attention_qkv);
  narrow("attn.c_proj", attention, Site::attention_projection);
  norm("ln_2", Site::ln_2);
  widen("mlp.c_fc", mlp, Cut::columns, Site::mlp_in);
  narrow("mlp.c_proj", mlp, Site::mlp_projection);
}

Parameter& ParameterLayout::add(std::string name, std::vector<std::int64_t> shape, Cut cut,
                                ParameterRole role, ParameterSite site, std::int64_t layer) {
  Parameter parameter;
  parameter.name = std::move(name);
  parameter.part = whole_tensor(shape);
  parameter.shape = std::move(shape);
  parameter.role = role;
  parameter.site = site;
  parameter.layer = layer;
  TensorPart& part = parameter.part;
  if (cut == Cut::rows) {
    const Share rows = share_of(part.rows, part_.tensor_size, part_.tensor_rank);
    part.first_row = rows.begin;
    part.row_count = rows.count();
  } else if (cut != Cut::none) {
    part.stretches = cut == Cut::qkv ? 3 : 1;
    part.stretch_distance = part.columns / part.stretches;
    const Share columns = share_of(part.stretch_distance, part_.tensor_size, part_.tensor_rank);
    part.first_column = columns.begin;
    part.column_count = columns.count();
  }
  parameter.offset = buffer_size_;
  parameter.count = static_cast<std::size_t>(part.count());
  buffer_size_ += (parameter.count + kStride - 1) / kStride * kStride;
  return parameters_.emplace_back(std::move(parameter));
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
  return parameters_[first_block_ + static_cast<std::size_t>(layer) * kTensorsPerBlock +
                     static_cast<std::size_t>(which)];
}

}  // namespace gpt::model
