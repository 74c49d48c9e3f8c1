#include "libgpt/model/head.hpp"

#include <algorithm>

#include "libgpt/model/head_loss.hpp"
#include "libgpt/model/norm.hpp"
#include "libgpt/model/tensor_parallel.hpp"

namespace gpt::model {
namespace {

using Outer = ParameterLayout::Outer;

// A stretch of rows whose logits exist at the same time.
struct Chunk {
  std::size_t first, rows;
  ops::LinearShape shape;
  ops::VocabularyShare share;

  template <class T>
  std::span<T> of(std::span<T> stream) const {
    const auto width = static_cast<std::size_t>(shape.in);
    return stream.subspan(first * width, rows * width);
  }
};

// The same on all ranks of a tensor group, whose shares of the vocabulary may differ by one.
template <class T>
std::size_t rows_at_once(const Pass& pass) {
  const std::int64_t largest_share =
      (pass.config.shape.vocabulary + pass.tensor.size() - 1) / pass.tensor.size();
  const std::size_t row_bytes = static_cast<std::size_t>(largest_share) * sizeof(T);
  return std::clamp<std::size_t>(kLogitsBytes / row_bytes, 1, static_cast<std::size_t>(pass.rows()));
}

// Calls body(chunk, logits of the chunk) for all rows in order. table: wte, or the rank's share of it.
template <class T, class Body>
void for_each_chunk(const Pass& pass, std::span<const T> normed, const TensorPart& part,
                    std::span<const T> table, tensor::Arena& scratch, const Body& body) {
  const tensor::ArenaScope scope(scratch);
  const auto columns = static_cast<std::size_t>(part.row_count);
  const auto total = static_cast<std::size_t>(pass.rows());
  const std::size_t at_once = rows_at_once<T>(pass);
  const auto memory = scratch.take<T>(at_once * columns);
  for (std::size_t first = 0; first < total; first += at_once) {
    const std::size_t rows = std::min(at_once, total - first);
    const auto count = static_cast<std::int64_t>(rows);
    const Chunk chunk{
        first, rows, {count, pass.hidden(), part.row_count}, {count, part.row_count, part.first_row}};
    const auto logits = memory.first(rows * columns);
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

// The final norm of a stream.
template <class T>
NormActivations<T> final_norm(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                              std::span<const T> stream, tensor::Arena& scratch) {
  const auto norm = NormActivations<T>::take(pass, scratch);
  norm_forward<T>(pass, stream, tensor_of(weights, layout.outer(Outer::ln_f_weight)),
                  tensor_of(weights, layout.outer(Outer::ln_f_bias)), norm);
  return norm;
}

}  // namespace

template <class T>
LossSum head_loss(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                  std::span<const T> stream, const MicroBatch& batch, std::span<T> log_probabilities,
                  tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const auto norm = final_norm<T>(pass, layout, weights, stream, scratch);
  const auto losses = scratch.take<double>(static_cast<std::size_t>(pass.rows()));
  const Parameter& wte = layout.outer(Outer::wte);
  LossSum sum;
  for_each_chunk<T>(pass, f_forward<T>(pass, norm.output, scratch), wte.part, tensor_of(weights, wte),
                    scratch, [&](const Chunk& chunk, std::span<T> logits) {
                      const auto part = losses.subspan(chunk.first, chunk.rows);
                      row_losses<T>(pass.tensor, chunk.share, logits,
                                    batch.targets.subspan(chunk.first, chunk.rows), part, scratch);
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
                               tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const auto rows = static_cast<std::size_t>(pass.rows());
  const auto norm = final_norm<T>(pass, layout, weights, stream, scratch);
  const auto normed = f_forward<T>(pass, norm.output, scratch);
  const auto d_normed = scratch.take<T>(pass.whole_size());
  const auto losses = scratch.take<double>(rows);
  const auto row_weights = scratch.take<T>(rows);
  for (std::size_t r = 0; r < rows; ++r) row_weights[r] = static_cast<T>(mask_of(batch, r) * loss_scale);

  LossSum sum;
  const Parameter& wte = layout.outer(Outer::wte);
  const auto table = tensor_of(weights, wte);
  for_each_chunk<T>(pass, normed, wte.part, table, scratch, [&](const Chunk& chunk, std::span<T> logits) {
    const auto part = losses.subspan(chunk.first, chunk.rows);
    row_losses_and_gradient<T>(pass.tensor, chunk.share, logits,
                               batch.targets.subspan(chunk.first, chunk.rows),
                               row_weights.subspan(chunk.first, chunk.rows), part, scratch);
    sum += masked_sum(batch, chunk.first, part);
    ops::table_backward_input<T>(chunk.shape, logits, table, chunk.of(d_normed));
    ops::table_backward_weight<T>(chunk.shape, chunk.of(normed), logits,
                                  chunk.first == 0 ? mode : ops::Product::add, tensor_of(gradients, wte));
  });
  start_f_backward<T>(pass, d_normed).wait();
  std::fill(d_stream.begin(), d_stream.end(), T{0});
  norm_backward<T>(pass, norm, stream_within(pass, d_normed), stream,
                   tensor_of(weights, layout.outer(Outer::ln_f_weight)), mode, d_stream,
                   tensor_of(gradients, layout.outer(Outer::ln_f_weight)),
                   tensor_of(gradients, layout.outer(Outer::ln_f_bias)));
  return sum;
}

template <class T>
void head_logits(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                 std::span<const T> stream, std::span<T> logits, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const auto norm = final_norm<T>(pass, layout, weights, stream, scratch);
  ops::table_forward<T>(pass.linear_shape(pass.hidden(), pass.config.shape.vocabulary), norm.output,
                        tensor_of(weights, layout.outer(Outer::wte)), logits);
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
