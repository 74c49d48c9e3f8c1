#include "libgpt/model/embedding.hpp"

#include "libgpt/model/tensor_parallel.hpp"
#include "libgpt/ops/embedding.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::model {
namespace {

using Outer = ParameterLayout::Outer;

template <class T>
ops::EmbeddingShape embedding_shape(const Pass<T>& pass, const ParameterLayout& layout) {
  const TensorPart& table = layout.outer(Outer::wte).part;
  return {pass.rows(), pass.hidden(), table.row_count, pass.config.shape.positions, table.first_row};
}

template <class T>
ops::Dropout embedding_dropout(const Pass<T>& pass) {
  return pass.dropout(pass.config.hidden_dropout, ops::DropoutSite::embedding, 0);
}

}  // namespace

template <class T>
void embed(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
           const ResidentBatch<T>& batch, std::span<T> stream, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  std::span<const T> positions_table;
  if (pass.tensor.rank() == 0) positions_table = tensor_of(weights, layout.outer(Outer::wpe));
  const auto partial = partial_sum<T>(pass, stream, scratch);
  ops::embedding_forward<T>(embedding_shape(pass, layout), batch.rows,
                            tensor_of(weights, layout.outer(Outer::wte)), positions_table, partial);
  g_forward<T>(pass, partial, stream);
  ops::dropout<T>(pass.dropout_rows(), embedding_dropout(pass), stream, stream);
}

template <class T>
void embed_backward(const Pass<T>& pass, const ParameterLayout& layout, const ResidentBatch<T>& batch,
                    std::span<T> stream, std::span<tensor::SumOf<T>> gradients, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  std::span<T> whole = stream;
  if (pass.tensor.row_shares() > 1) whole = scratch.take<T>(pass.whole_size());
  ops::dropout<T>(pass.dropout_rows(), embedding_dropout(pass), stream, stream_within(pass, whole));
  g_backward<T>(pass, whole);
  ops::embedding_backward<T>(embedding_shape(pass, layout), batch.rows, whole,
                             tensor_of(gradients, layout.outer(Outer::wte)),
                             tensor_of(gradients, layout.outer(Outer::wpe)));
}

#define GPT_INSTANTIATE(T)                                                                         \
  template void embed<T>(const Pass<T>&, const ParameterLayout&, std::span<const T>,               \
                         const ResidentBatch<T>&, std::span<T>, tensor::Arena&);                   \
  template void embed_backward<T>(const Pass<T>&, const ParameterLayout&, const ResidentBatch<T>&, \
                                  std::span<T>, std::span<tensor::SumOf<T>>, tensor::Arena&);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
