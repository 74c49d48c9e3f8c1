#pragma once

#include <span>

#include "libgpt/model/pass.hpp"
#include "libgpt/tensor/arena.hpp"

// The conjugate operators f and g of tensor parallelism (Shoeybi et al., arXiv 1909.08053): f stands before a
// linear that is cut by columns, g after one that is cut by rows. A stream [stream_rows, hidden] is the same
// on all ranks or, with sequence parallelism, each rank's share; [rows, hidden] is called whole.
//
//               forward                              backward
//   f           nothing / all-gather                 all-reduce / reduce-scatter
//   g           all-reduce / reduce-scatter          nothing / all-gather
//
// The second of each pair is with sequence parallelism. With one rank neither does anything, nor copies.
namespace gpt::model {

// The stretch of a whole that is this rank's stream: all of it without sequence parallelism.
template <class T>
std::span<T> stream_within(const Pass<std::remove_const_t<T>>& pass, std::span<T> whole) {
  return whole.subspan(static_cast<std::size_t>(pass.first_stream_row() * pass.hidden()), pass.stream_size());
}

// The input of a column-parallel linear, from a stream; memory that it needs comes from the arena.
template <class T>
std::span<const T> f_forward(const Pass<T>& pass, std::span<const T> stream, tensor::Arena& scratch) {
  if (pass.tensor.row_shares() == 1) return stream;
  const auto whole = scratch.take<T>(pass.whole_size());
  pass.tensor.group->all_gather(stream, whole);
  return whole;
}

// d_input, whole: this rank's part of the gradient of a column-parallel linear's input; starts its sum over
// ranks, which lies in stream_within(d_input) when the request is complete.
template <class T>
comm::Request start_f_backward(const Pass<T>& pass, std::span<T> d_input) {
  if (pass.tensor.alone()) return {};
  if (pass.tensor.row_shares() == 1) {
    return pass.tensor.group->start_all_reduce(d_input, comm::Reduction::sum);
  }
  return pass.tensor.group->start_reduce_scatter(std::span<const T>(d_input), stream_within(pass, d_input));
}

// The gradients of a column-parallel linear of `stream`: of its weight and bias, and d_input [rows, hidden],
// of its whole input, whose sum over ranks then lies in stream_within(d_input). That sum is under way while
// the weight's gradient is made.
template <class T>
void column_linear_backward(const Pass<T>& pass, const ops::LinearShape& shape, std::span<const T> stream,
                            std::span<const T> d_output, std::span<const T> weight, ops::Product mode,
                            std::span<tensor::SumOf<T>> d_weight, std::span<tensor::SumOf<T>> d_bias,
                            std::span<T> d_input, tensor::Arena& scratch) {
  const auto input = f_forward<T>(pass, stream, scratch);
  ops::linear_backward_input<T>(shape, d_output, weight, d_input);
  comm::Request sum = start_f_backward<T>(pass, d_input);
  ops::linear_backward_weight<T>(shape, input, d_output, mode, d_weight, d_bias);
  sum.wait();
}

// Where a row-parallel linear writes its part of the sum: whole, and where it can be, the output itself.
template <class T>
std::span<T> partial_sum(const Pass<T>& pass, std::span<T> output, tensor::Arena& scratch) {
  return pass.tensor.row_shares() == 1 ? output : scratch.take<T>(pass.whole_size());
}

// output, a stream: the sum over ranks of their parts.
template <class T>
void g_forward(const Pass<T>& pass, std::span<T> partial, std::span<T> output) {
  if (pass.tensor.alone()) return;
  if (pass.tensor.row_shares() == 1) {
    pass.tensor.group->all_reduce(partial);
  } else {
    pass.tensor.group->reduce_scatter(std::span<const T>(partial), output);
  }
}

// d_output, whole, of which stream_within() has been written: the gradient of what a row-parallel linear
// gave.
template <class T>
void g_backward(const Pass<T>& pass, std::span<T> d_output) {
  if (pass.tensor.row_shares() == 1) return;
  pass.tensor.group->all_gather(std::span<const T>(stream_within(pass, d_output)), d_output);
}

}  // namespace gpt::model
