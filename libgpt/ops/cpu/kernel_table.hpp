#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

// The inner loops of the ops, compiled once for each instruction set and chosen at run time. A kernel runs on
// one thread and checks nothing; the op above it checks shapes and shares rows out among threads.
namespace gpt::ops::cpu {

enum class Isa { portable, avx2, avx512 };

// The instruction sets this build holds and this processor has, best last.
std::vector<Isa> supported_isas();
Isa selected_isa();
void select_isa(Isa isa);  // for tests; must be a supported one
std::string_view isa_name(Isa isa);

// Elements kept and scaled: see ops::Dropout for how a column finds its random word.
struct DropoutRow {
  std::uint64_t key = 0;
  std::uint64_t row_counter = 0;  // low counter of block 0 of this row
  std::uint64_t sample = 0;
  std::uint32_t threshold = 0;  // words below are dropped
  float scale = 1;              // of what is kept
};

// C = A B + beta C. A(i, k) = a[i * a_row + k * a_column]; B and C have contiguous columns.
template <class T>
struct ProductTile {
  std::int64_t m, n, k;
  const T* a;
  std::int64_t a_row, a_column;
  const T* b;
  std::int64_t b_row;
  T* c;
  std::int64_t c_row;
  bool add;  // beta is 1, else 0
};

// Causal attention of one head of one sequence. Rows are tokens; strides are between rows.
template <class T>
struct AttentionHead {
  std::int64_t queries, keys;  // query i stands at position keys - queries + i
  std::int64_t head_size;
  const T *q, *k, *v;
  std::int64_t q_stride, k_stride, v_stride;
  T* out;
  std::int64_t out_stride;
  T* log_sum;                       // [queries]: log of the softmax's denominator, for the backward pass
  const std::int32_t* attend_from;  // [queries] or null
  T scale;
  bool dropout;
  DropoutRow dropout_row;  // of query 0; the next query is one row further
  T* workspace;            // attention_workspace() elements
};

template <class T>
struct AttentionHeadGradient {
  AttentionHead<T> forward;
  const T* d_out;
  T *d_q, *d_k, *d_v;  // strides as q, k, v; d_k and d_v are overwritten as well
  std::int64_t d_out_stride;
  std::int64_t d_stride;
};

template <class T>
struct AdamWStep {
  T learning_rate, beta1, beta2, epsilon, weight_decay;
  T correction1, correction2;  // 1 - beta^step
  T gradient_scale;            // clipping
};

template <class T>
struct SoftmaxPart {
  T largest, sum;
};

template <class T>
struct KernelTable {
  void (*add_bias)(T* y, const T* bias, std::int64_t rows, std::int64_t columns);
  // x += bias; y = gelu(x)
  void (*bias_gelu_forward)(T* x, const T* bias, T* y, std::int64_t rows, std::int64_t columns);
  void (*gelu_forward)(const T* x, T* y, std::int64_t count);
  // dx = dy * gelu'(x); dx may be dy
  void (*gelu_backward)(const T* x, const T* dy, T* dx, std::int64_t count);
  void (*exponential)(const T* x, T* y, std::int64_t count);

  void (*layer_norm_forward)(const T* x, const T* weight, const T* bias, T epsilon, T* y, T* mean,
                             T* inverse_deviation, std::int64_t rows, std::int64_t columns);
  // dx = residual_gradient + d(norm); adds to d_weight and d_bias.
  void (*layer_norm_backward)(const T* dy, const T* x, const T* weight, const T* mean,
                              const T* inverse_deviation, const T* residual_gradient, T* dx, T* d_weight,
                              T* d_bias, std::int64_t rows, std::int64_t columns);

  // y = residual + dropout(x + bias) for one row; dropout null: none.
  void (*bias_dropout_add)(const T* x, const T* bias, const T* residual, T* y, std::int64_t columns,
                           const DropoutRow* dropout);
  // y = dropout(x) for one row; y may be x.
  void (*dropout)(const T* x, T* y, std::int64_t columns, const DropoutRow& dropout);
  // y = a + b
  void (*add)(const T* a, const T* b, T* y, std::int64_t count);
  // y (+)= sum over rows of x[rows, columns], rows `stride` apart
  void (*column_sum)(const T* x, std::int64_t stride, T* y, std::int64_t rows, std::int64_t columns,
                     bool add);
  double (*sum_of_squares)(const T* x, std::int64_t count);

  // Returns -log softmax(logits)[target].
  double (*cross_entropy_forward)(const T* logits, std::int64_t columns, std::int64_t target);
  // As above, and logits become scale * (softmax - one_hot(target)).
  double (*cross_entropy_backward)(T* logits, std::int64_t columns, std::int64_t target, T scale);
  // The softmax of a row of which other ranks have more columns: the largest, and the sum of exp(x -
  // largest).
  SoftmaxPart<T> (*softmax_part)(const T* logits, std::int64_t columns);
  // As above, and logits become exp(x - largest).
  SoftmaxPart<T> (*softmax_part_in_place)(T* logits, std::int64_t columns);
  // x *= factor
  void (*scale)(T* x, std::int64_t count, T factor);

  std::int64_t (*attention_workspace)(std::int64_t keys, std::int64_t head_size);
  void (*attention_forward)(const AttentionHead<T>& head);
  void (*attention_backward)(const AttentionHeadGradient<T>& head);
  // One query against many keys, without a tile's packing; for decoding. workspace: keys elements.
  void (*attention_decode)(const AttentionHead<T>& head);

  void (*product_tile)(const ProductTile<T>& tile);
  // y[columns] (+)= x[rows] W[rows, columns] with W's rows `stride` apart
  void (*vector_matrix)(const T* x, const T* w, std::int64_t stride, T* y, std::int64_t rows,
                        std::int64_t columns, bool add);
  T (*dot)(const T* a, const T* b, std::int64_t count);
  void (*adamw)(T* weight, const T* gradient, T* first_moment, T* second_moment, std::int64_t count,
                const AdamWStep<T>& step);
};

// What one instruction set offers, for both types.
struct KernelTables {
  const KernelTable<float>* f32;
  const KernelTable<double>* f64;
};

// The selected table.
template <class T>
const KernelTable<T>& kernels();

}  // namespace gpt::ops::cpu
