#include "libgpt/model/head.hpp"

#include <algorithm>

#include "libgpt/model/head_loss.hpp"
#include "libgpt/model/norm.hpp"
#include "libgpt/model/tensor_parallel.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"

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
std::size_t rows_at_once(const Pass<T>& pass) {
  const std::int64_t largest_share =
      (pass.config.shape.vocabulary + pass.tensor.size() - 1) / pass.tensor.size();
  const std::size_t row_bytes = static_cast<std::size_t>(largest_share) * sizeof(T);
  return std::clamp<std::size_t>(kLogitsBytes / row_bytes, 1, static_cast<std::size_t>(pass.rows()));
}

// Calls body(chunk, logits of the chunk) for all rows in order. table: wte, or the rank's share of it.
template <class T, class Body>
void for_each_chunk(const Pass<T>& pass, std::span<const T> normed, const TensorPart& part,
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

// The final norm of a stream.
template <class T>
NormActivations<T> final_norm(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                              std::span<const T> stream, tensor::Arena& scratch) {
  const auto norm = NormActivations<T>::take(pass, scratch);
  norm_forward<T>(pass, stream, tensor_of(weights, layout.outer(Outer::ln_f_weight)),
                  tensor_of(weights, layout.outer(Outer::ln_f_bias)), norm);
  return norm;
}

}  // namespace

template <class T>
void head_loss(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
               std::span<const T> stream, const ResidentBatch<T>& batch,
               std::span<tensor::Beside<T, double>> losses, LossTotals<T> totals, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const auto norm = final_norm<T>(pass, layout, weights, stream, scratch);
  const Parameter& wte = layout.outer(Outer::wte);
  for_each_chunk<T>(pass, f_forward<T>(pass, norm.output, scratch), wte.part, tensor_of(weights, wte),
                    scratch, [&](const Chunk& chunk, std::span<T> logits) {
                      row_losses<T>(pass.tensor, chunk.share, logits,
                                    batch.targets.subspan(chunk.first, chunk.rows),
                                    losses.subspan(chunk.first, chunk.rows), scratch);
                    });
  ops::add_masked_losses<T>(losses, batch.loss_mask, totals);
}

template <class T>
void head_loss_and_gradient(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                            std::span<const T> stream, const ResidentBatch<T>& batch, double loss_scale,
                            ops::Product mode, std::span<tensor::SumOf<T>> gradients, std::span<T> d_stream,
                            LossTotals<T> totals, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const auto norm = final_norm<T>(pass, layout, weights, stream, scratch);
  const auto normed = f_forward<T>(pass, norm.output, scratch);
  const auto d_normed = scratch.take<T>(pass.whole_size());
  const auto losses = scratch.take<tensor::Beside<T, double>>(static_cast<std::size_t>(pass.rows()));
  const ops::RowWeights<T> row_weights{batch.loss_mask, loss_scale};
  const Parameter& wte = layout.outer(Outer::wte);
  const auto table = tensor_of(weights, wte);
  for_each_chunk<T>(pass, normed, wte.part, table, scratch, [&](const Chunk& chunk, std::span<T> logits) {
    row_losses_and_gradient<T>(
        pass.tensor, chunk.share, logits, batch.targets.subspan(chunk.first, chunk.rows),
        row_weights.rows(chunk.first, chunk.rows), losses.subspan(chunk.first, chunk.rows), scratch);
    ops::table_backward_input<T>(chunk.shape, logits, table, chunk.of(d_normed));
    ops::table_backward_weight<T>(chunk.shape, chunk.of(normed), logits,
                                  chunk.first == 0 ? mode : ops::Product::add, tensor_of(gradients, wte));
  });
  ops::add_masked_losses<T>(losses, batch.loss_mask, totals);
  start_f_backward<T>(pass, d_normed).wait();
  tensor::fill_zero(d_stream);
  norm_backward<T>(pass, norm, stream_within(pass, d_normed), stream,
                   tensor_of(weights, layout.outer(Outer::ln_f_weight)), mode, d_stream,
                   tensor_of(gradients, layout.outer(Outer::ln_f_weight)),
                   tensor_of(gradients, layout.outer(Outer::ln_f_bias)));
}

template <class T>
void head_logits(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                 std::span<const T> stream, std::span<T> logits, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const auto norm = final_norm<T>(pass, layout, weights, stream, scratch);
  ops::table_forward<T>(pass.linear_shape(pass.hidden(), pass.config.shape.vocabulary), norm.output,
                        tensor_of(weights, layout.outer(Outer::wte)), logits);
}

#define GPT_INSTANTIATE(T)                                                                                   \
  template void head_loss<T>(const Pass<T>&, const ParameterLayout&, std::span<const T>, std::span<const T>, \
                             const ResidentBatch<T>&, std::span<tensor::Beside<T, double>>, LossTotals<T>,   \
                             tensor::Arena&);                                                                \
  template void head_loss_and_gradient<T>(const Pass<T>&, const ParameterLayout&, std::span<const T>,        \
                                          std::span<const T>, const ResidentBatch<T>&, double, ops::Product, \
                                          std::span<tensor::SumOf<T>>, std::span<T>, LossTotals<T>,          \
                                          tensor::Arena&);                                                   \
  template void head_logits<T>(const Pass<T>&, const ParameterLayout&, std::span<const T>,                   \
                               std::span<const T>, std::span<T>, tensor::Arena&);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
