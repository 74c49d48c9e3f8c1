#pragma once

#include <cstdint>
#include <span>

#include "libgpt/model/model_config.hpp"
#include "libgpt/ops/attention.hpp"
#include "libgpt/ops/dropout.hpp"
#include "libgpt/ops/layer_norm.hpp"
#include "libgpt/ops/linear.hpp"

namespace gpt::model {

// Whether dropout is at work.
enum class Mode { training, evaluation };

// What every layer knows of the micro batch that passes through it.
struct Pass {
  const ModelConfig& config;
  Mode mode = Mode::evaluation;
  std::uint64_t dropout_seed = 0;
  std::int64_t sequences = 0;
  std::int64_t length = 0;
  std::span<const std::int32_t> attend_from;
  std::span<const std::uint64_t> samples;

  std::int64_t rows() const { return sequences * length; }
  std::int64_t hidden() const { return config.shape.hidden; }
  std::size_t stream_size() const { return static_cast<std::size_t>(rows() * hidden()); }

  ops::NormShape norm_shape() const { return {rows(), hidden()}; }
  ops::LinearShape linear_shape(std::int64_t in, std::int64_t out) const { return {rows(), in, out}; }
  ops::AttentionShape attention_shape() const {
    return {sequences, length, config.shape.heads, config.shape.heads, config.shape.head_size()};
  }
  ops::DropoutRows dropout_rows() const { return {rows(), hidden(), length, samples}; }
  ops::Dropout dropout(double probability, ops::DropoutSite site, std::int64_t layer) const {
    return ops::make_dropout(mode == Mode::training ? probability : 0, dropout_seed, site, layer);
  }
};

}  // namespace gpt::model
