#include "libgpt/model/embedding.hpp"

#include <numeric>

#include "libgpt/model/tensor_parallel.hpp"
#include "libgpt/ops/embedding.hpp"

namespace gpt::model {
namespace {

using Outer = ParameterLayout::Outer;

ops::EmbeddingShape embedding_shape(const Pass& pass, const ParameterLayout& layout) {
  const TensorPart& table = layout.outer(Outer::wte).part;
  return {pass.rows(), pass.hidden(), table.row_count, pass.config.shape.positions, table.first_row};
}

ops::Dropout embedding_dropout(const Pass& pass) {
  return pass.dropout(pass.config.hidden_dropout, ops::DropoutSite::embedding, 0);
}

// The positions of a batch, counted where it names none.
std::span<const std::int32_t> positions_of(const MicroBatch& batch, tensor::Arena& scratch) {
  if (!batch.positions.empty()) return batch.positions;
  const auto length = static_cast<std::size_t>(batch.length);
  const auto positions = scratch.take<std::int32_t>(batch.tokens.size());
  for (std::size_t first = 0; first < positions.size(); first += length) {
    const auto sequence = positions.subspan(first, length);
    std::iota(sequence.begin(), sequence.end(), 0);
  }
  return positions;
}

}  // namespace

template <class T>
void embed(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
           const MicroBatch& batch, std::span<T> stream, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  std::span<const T> positions_table;
  if (pass.tensor.rank() == 0) positions_table = tensor_of(weights, layout.outer(Outer::wpe));
  const auto partial = partial_sum<T>(pass, stream, scratch);
  ops::embedding_forward<T>(embedding_shape(pass, layout), batch.tokens, positions_of(batch, scratch),
                            tensor_of(weights, layout.outer(Outer::wte)), positions_table, partial);
  g_forward<T>(pass, partial, stream);
  ops::dropout<T>(pass.dropout_rows(), embedding_dropout(pass), stream, stream);
}

template <class T>
void embed_backward(const Pass& pass, const ParameterLayout& layout, const MicroBatch& batch,
                    std::span<T> stream, std::span<T> gradients, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  std::span<T> whole = stream;
  if (pass.tensor.row_shares() > 1) whole = scratch.take<T>(pass.whole_size());
  ops::dropout<T>(pass.dropout_rows(), embedding_dropout(pass), stream, stream_within(pass, whole));
  g_backward<T>(pass, whole);
  ops::embedding_backward<T>(embedding_shape(pass, layout), batch.tokens, positions_of(batch, scratch), whole,
                             tensor_of(gradients, layout.outer(Outer::wte)),
                             tensor_of(gradients, layout.outer(Outer::wpe)));
}

#define GPT_INSTANTIATE(T)                                                                              \
  template void embed<T>(const Pass&, const ParameterLayout&, std::span<const T>, const MicroBatch&,    \
                         std::span<T>, tensor::Arena&);                                                 \
  template void embed_backward<T>(const Pass&, const ParameterLayout&, const MicroBatch&, std::span<T>, \
                                  std::span<T>, tensor::Arena&);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
