#include "libgpt/model/head.hpp"

#include <algorithm>

#include "libgpt/model/norm.hpp"
#include "libgpt/ops/cross_entropy.hpp"

namespace gpt::model {
namespace {

using Outer = ParameterLayout::Outer;

// A stretch of rows whose logits exist at the same time.
struct Chunk {
  std::size_t first, rows;
  ops::LinearShape shape;

  template <class T>
  std::span<T> of(std::span<T> stream) const {
    const auto width = static_cast<std::size_t>(shape.in);
    return stream.subspan(first * width, rows * width);
  }
};

template <class T>
std::size_t rows_at_once(const Pass& pass) {
  const std::size_t row_bytes = static_cast<std::size_t>(pass.config.shape.vocabulary) * sizeof(T);
  return std::clamp<std::size_t>(kLogitsBytes / row_bytes, 1, static_cast<std::size_t>(pass.rows()));
}

// Calls body(chunk, logits of the chunk) for all rows in order.
template <class T, class Body>
void for_each_chunk(const Pass& pass, std::span<const T> normed, std::span<const T> table,
                    tensor::Arena& arena, const Body& body) {
  const tensor::ArenaScope scope(arena);
  const std::int64_t vocabulary = pass.config.shape.vocabulary;
  const auto total = static_cast<std::size_t>(pass.rows());
  const std::size_t at_once = rows_at_once<T>(pass);
  const auto memory = arena.take<T>(at_once * static_cast<std::size_t>(vocabulary));
  for (std::size_t first = 0; first < total; first += at_once) {
    const std::size_t rows = std::min(at_once, total - first);
    const Chunk chunk{first, rows, {static_cast<std::int64_t>(rows), pass.hidden(), vocabulary}};
    const auto logits = memory.first(rows * static_cast<std::size_t>(vocabulary));
    ops::table_forward<T>(chunk.shape, chunk.of(normed), table, logits);
    body(chunk, logits);
  }
}

double mask_of(const MicroBatch& batch, std::size_t row) {
  return batch.loss_mask.empty() ? 1.0 : static_cast<double>(batch.loss_mask[row]);
}

// The masked sum of the losses of a chunk.
LossSum masked_sum(const MicroBatch& batch, std::size_t first, std::span<const double> losses) {
  LossSum sum;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const double mask = mask_of(batch, first + i);
    if (mask == 0) continue;
    sum += {losses[i] * mask, mask};
  }
  return sum;
}

}  // namespace

template <class T>
LossSum head_loss(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                  std::span<const T> stream, const MicroBatch& batch, std::span<T> log_probabilities,
                  tensor::Arena& arena) {
  const tensor::ArenaScope scope(arena);
  const auto tensor = [&](Outer which) { return tensor_of(weights, layout.outer(which)); };
  const auto norm =
      norm_forward<T>(pass, stream, tensor(Outer::ln_f_weight), tensor(Outer::ln_f_bias), arena);
  const auto losses = arena.take<double>(static_cast<std::size_t>(pass.rows()));
  LossSum sum;
  for_each_chunk<T>(pass, norm.output, tensor(Outer::wte), arena,
                    [&](const Chunk& chunk, std::span<T> logits) {
                      const auto part = losses.subspan(chunk.first, chunk.rows);
                      ops::cross_entropy_forward<T>(chunk.shape.rows, chunk.shape.out, logits,
                                                    batch.targets.subspan(chunk.first, chunk.rows), part);
                      sum += masked_sum(batch, chunk.first, part);
                    });
  std::transform(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(log_probabilities.size()),
                 log_probabilities.begin(), [](double loss) { return static_cast<T>(-loss); });
  return sum;
}

template <class T>
LossSum head_loss_and_gradient(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                               std::span<const T> stream, const MicroBatch& batch, double loss_scale,
                               ops::Product mode, std::span<T> gradients, std::span<T> d_stream,
                               tensor::Arena& arena) {
  const tensor::ArenaScope scope(arena);
  const auto tensor = [&](Outer which) { return tensor_of(weights, layout.outer(which)); };
  const auto gradient = [&](Outer which) { return tensor_of(gradients, layout.outer(which)); };
  const auto rows = static_cast<std::size_t>(pass.rows());
  const auto norm =
      norm_forward<T>(pass, stream, tensor(Outer::ln_f_weight), tensor(Outer::ln_f_bias), arena);
  const auto d_normed = arena.take<T>(pass.stream_size());
  const auto losses = arena.take<double>(rows);
  const auto row_weights = arena.take<T>(rows);
  for (std::size_t r = 0; r < rows; ++r) row_weights[r] = static_cast<T>(mask_of(batch, r) * loss_scale);

  LossSum sum;
  const auto table = tensor(Outer::wte);
  for_each_chunk<T>(pass, norm.output, table, arena, [&](const Chunk& chunk, std::span<T> logits) {
    const auto part = losses.subspan(chunk.first, chunk.rows);
    ops::cross_entropy_backward<T>(chunk.shape.rows, chunk.shape.out, logits,
                                   batch.targets.subspan(chunk.first, chunk.rows),
                                   row_weights.subspan(chunk.first, chunk.rows), part);
    sum += masked_sum(batch, chunk.first, part);
    ops::table_backward_input<T>(chunk.shape, logits, table, chunk.of(d_normed));
    ops::table_backward_weight<T>(chunk.shape, chunk.of(std::span<const T>(norm.output)), logits,
                                  chunk.first == 0 ? mode : ops::Product::add, gradient(Outer::wte));
  });
  std::fill(d_stream.begin(), d_stream.end(), T{0});
  norm_backward<T>(pass, norm, d_normed, stream, tensor(Outer::ln_f_weight), mode, d_stream,
                   gradient(Outer::ln_f_weight), gradient(Outer::ln_f_bias));
  return sum;
}

template <class T>
void head_logits(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                 std::span<const T> stream, std::span<T> logits, tensor::Arena& arena) {
  const tensor::ArenaScope scope(arena);
  const auto tensor = [&](Outer which) { return tensor_of(weights, layout.outer(which)); };
  const auto norm =
      norm_forward<T>(pass, stream, tensor(Outer::ln_f_weight), tensor(Outer::ln_f_bias), arena);
  ops::table_forward<T>(pass.linear_shape(pass.hidden(), pass.config.shape.vocabulary), norm.output,
                        tensor(Outer::wte), logits);
}

#define GPT_INSTANTIATE(T)                                                                                   \
  template LossSum head_loss<T>(const Pass&, const ParameterLayout&, std::span<const T>, std::span<const T>, \
                                const MicroBatch&, std::span<T>, tensor::Arena&);                            \
  template LossSum head_loss_and_gradient<T>(const Pass&, const ParameterLayout&, std::span<const T>,        \
                                             std::span<const T>, const MicroBatch&, double, ops::Product,    \
                                             std::span<T>, std::span<T>, tensor::Arena&);                    \
  template void head_logits<T>(const Pass&, const ParameterLayout&, std::span<const T>, std::span<const T>,  \
                               std::span<T>, tensor::Arena&);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
