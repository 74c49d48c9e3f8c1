// Compiled once for each instruction set, with GPT_ISA its name and GPT_VECTOR_BYTES its width.
#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/kernels/attention.hpp"
#include "libgpt/ops/cpu/kernels/cross_entropy.hpp"
#include "libgpt/ops/cpu/kernels/dropout_mask.hpp"
#include "libgpt/ops/cpu/kernels/elementwise.hpp"
#include "libgpt/ops/cpu/kernels/layer_norm.hpp"
#include "libgpt/ops/cpu/kernels/product.hpp"
#include "libgpt/ops/cpu/kernels/vector_math.hpp"

#define GPT_PASTE(a, b) a##b
#define GPT_TABLE(isa) GPT_PASTE(kernel_tables_, isa)

namespace gpt::ops::cpu {
namespace {

template <class T>
constexpr KernelTable<T> kTable = {
    .add_bias = add_bias<T>,
    .bias_gelu_forward = bias_gelu_forward<T>,
    .gelu_forward = gelu_forward<T>,
    .gelu_backward = gelu_backward<T>,
    .exponential = exponential<T>,
    .layer_norm_forward = layer_norm_forward<T>,
    .layer_norm_backward = layer_norm_backward<T>,
    .bias_dropout_add = bias_dropout_add<T>,
    .dropout = dropout_row<T>,
    .add = add<T>,
    .column_sum = column_sum<T>,
    .sum_of_squares = sum_of_squares<T>,
    .cross_entropy_forward = cross_entropy_forward<T>,
    .cross_entropy_backward = cross_entropy_backward<T>,
    .softmax_part = softmax_part<T>,
    .softmax_part_in_place = softmax_part_in_place<T>,
    .scale = scale<T>,
    .attention_workspace = workspace_elements,
    .attention_forward = attention_forward<T>,
    .attention_backward = attention_backward<T>,
    .attention_decode = attention_decode<T>,
    .product_tile = product_tile<T>,
    .vector_matrix = vector_matrix<T>,
    .dot = dot<T>,
    .adamw = adamw<T>,
};

}  // namespace

extern const KernelTables GPT_TABLE(GPT_ISA);
const KernelTables GPT_TABLE(GPT_ISA) = {&kTable<float>, &kTable<double>};

}  // namespace gpt::ops::cpu
