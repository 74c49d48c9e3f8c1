#pragma once

#include <cstdint>
#include <span>

#include "libgpt/model/model_config.hpp"
#include "libgpt/model/tensor_group.hpp"
#include "libgpt/ops/attention.hpp"
#include "libgpt/ops/dropout.hpp"
#include "libgpt/ops/layer_norm.hpp"
#include "libgpt/ops/linear.hpp"

namespace gpt::model {

// Whether dropout is at work.
enum class Mode { training, evaluation };

// What every layer knows of the micro batch that passes through it.
//
// Between blocks runs the residual stream: this rank's share of the rows of the micro batch, [stream_rows,
// hidden]. Rows are the tokens of all sequences, one after the other; a share is a stretch of them, and
// without sequence parallelism all of them. Within attention and MLP every rank has all rows and its share of
// the width.
template <class T>
struct Pass {
  const ModelConfig& config;
  TensorGroup tensor;
  Mode mode = Mode::evaluation;
  std::uint64_t dropout_seed = 0;
  std::int64_t sequences = 0;
  std::int64_t length = 0;
  std::span<const tensor::Beside<T, std::int32_t>> attend_from;
  std::span<const tensor::Beside<T, std::uint64_t>> samples;

  std::int64_t rows() const { return sequences * length; }
  std::int64_t hidden() const { return config.shape.hidden; }
  std::int64_t stream_rows() const { return rows() / tensor.row_shares(); }
  std::int64_t first_stream_row() const { return stream_rows() * tensor.row_share(); }
  std::size_t stream_size() const { return static_cast<std::size_t>(stream_rows() * hidden()); }
  std::size_t whole_size() const { return static_cast<std::size_t>(rows() * hidden()); }

  // This rank's share of the heads and of the MLP's width.
  std::int64_t heads() const { return config.shape.heads / tensor.size(); }
  std::int64_t attention_width() const { return heads() * config.shape.head_size(); }
  std::int64_t mlp_width() const { return config.shape.mlp_size() / tensor.size(); }

  ops::NormShape norm_shape() const { return {stream_rows(), hidden()}; }
  ops::LinearShape linear_shape(std::int64_t in, std::int64_t out) const { return {rows(), in, out}; }
  ops::AttentionShape attention_shape() const {
    return {sequences, length, heads(), heads(), config.shape.head_size()};
  }
  // Of the stream.
  ops::DropoutRows<T> dropout_rows() const {
    return {stream_rows(), hidden(), length, samples, first_stream_row()};
  }
  ops::Dropout dropout(double probability, ops::DropoutSite site, std::int64_t layer) const {
    return ops::make_dropout(mode == Mode::training ? probability : 0, dropout_seed, site, layer);
  }
};

}  // namespace gpt::model
