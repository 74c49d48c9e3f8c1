#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libgpt/cost/model_shape.hpp"
#include "libgpt/model/model_part.hpp"
#include "libgpt/model/tensor_part.hpp"

namespace gpt::model {

// What a tensor is for; decides how it starts, and whether weight decay applies.
enum class ParameterRole {
  token_embedding,
  position_embedding,
  norm_weight,
  norm_bias,
  linear_weight,      // [in, out]
  projection_weight,  // [in, out], of the linears that add to the residual stream
  linear_bias,
};

// The linears and norms of a block, and what lies outside of blocks. Keys initialisation together with the
// layer, so that a weight's start does not depend on how the model is cut.
enum class ParameterSite {
  token_embedding,
  position_embedding,
  ln_1,
  attention_qkv,
  attention_projection,
  ln_2,
  mlp_in,
  mlp_projection,
  ln_f,
};

struct Parameter {
  std::string name;                 // Hugging Face's: "transformer.h.0.attn.c_attn.weight"
  std::vector<std::int64_t> shape;  // Hugging Face's: linear weights are [in, out], row-major. Of the whole
  TensorPart part;                  // what of it is here
  std::size_t offset = 0;           // first element within the flat buffer
  std::size_t count = 0;            // elements of the part
  ParameterRole role = ParameterRole::linear_weight;
  ParameterSite site = ParameterSite::ln_f;
  std::int64_t layer = 0;  // in the whole model; 0 for what lies outside of blocks
  bool tied_copy = false;  // the last stage's copy of wte, which the first stage owns

  // Megatron's rule: everything but biases and LayerNorm.
  bool decayed() const { return shape.size() > 1; }
  // Whether every tensor rank holds the same, all of it.
  bool replicated() const { return part.is_whole(); }
};

// Where each tensor that a rank holds lies in its flat buffers of weights, gradients and optimizer state.
// Tensors start at multiples of 64 bytes; the gaps between them hold zeros throughout. The order is: wte
// (where there is an embedding or a head), wpe (embedding), blocks, ln_f (head).
// The vocabulary is not padded: rows that would take no part are not there (--make-vocab-size-divisible-by).
class ParameterLayout {
 public:
  explicit ParameterLayout(const cost::ModelShape& shape);  // of the whole model
  ParameterLayout(const cost::ModelShape& shape, const ModelPart& part);

  const ModelPart& part() const { return part_; }

  std::span<const Parameter> parameters() const { return parameters_; }
  std::size_t buffer_size() const { return buffer_size_; }  // elements, gaps included

  // The tensor of that name, or nullptr.
  const Parameter* find(std::string_view name) const;

  // The three tensors outside blocks and the twelve of a block, by position: what layers ask for.
  enum class Outer : std::size_t { wte, wpe, ln_f_weight, ln_f_bias };
  enum class Inner : std::size_t {
    ln_1_weight,
    ln_1_bias,
    qkv_weight,
    qkv_bias,
    projection_weight,
    projection_bias,
    ln_2_weight,
    ln_2_bias,
    mlp_in_weight,
    mlp_in_bias,
    mlp_out_weight,
    mlp_out_bias,
  };
  // Only what the rank holds may be asked for. layer counts the rank's own layers from 0.
  const Parameter& outer(Outer which) const;
  const Parameter& inner(std::int64_t layer, Inner which) const;

 private:
  // How a tensor is cut among tensor ranks.
  enum class Cut { none, rows, columns, qkv };
  Parameter& add(std::string name, std::vector<std::int64_t> shape, Cut cut, ParameterRole role,
                 ParameterSite site, std::int64_t layer);
  void add_block(const cost::ModelShape& shape, std::int64_t layer);

  ModelPart part_;
  std::vector<Parameter> parameters_;
  std::size_t first_block_ = 0;  // index of the first block's first tensor
  std::size_t buffer_size_ = 0;
};

// The part of a flat buffer that holds one tensor.
template <class T>
std::span<T> tensor_of(std::span<T> buffer, const Parameter& parameter) {
  return buffer.subspan(parameter.offset, parameter.count);
}

}  // namespace gpt::model
