#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "libgpt/ops/gemm.hpp"
#include "libgpt/tensor/element.hpp"

// Matrix products on the device. By cuBLASLt on a GPU; where tests run the device on the CPU, by plain loops.
namespace gpt::ops {

// C (+)= op(A) op(B) (+ bias in every row), as gemm: row-major, op(A) [m, k], op(B) [k, n], C [m, n], bias
// [n] or nullptr. T is DeviceF32, DeviceBf16 or DeviceF16, and C a T, or a DeviceF32 where gradients are
// summed. Sums run in fp32, in an order that stays the same from run to run (record_of_product_choices). C
// must not lie in A or B. Nothing is done where m or n is 0; k is at
// least 1. Uses the device's workspace.
template <class T, class C>
void device_product(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                    Matrix<C> c, Product mode, const C* bias = nullptr);

// How products of DeviceF32 round their inputs: not at all, or to the 10 bits of TF32, which tensor cores
// take eight times as fast. Products of 16-bit elements are not concerned.
enum class FloatProducts { exact, tf32 };
void set_float_products(FloatProducts products);

// How each kind of product is computed is chosen by timing what the library offers, at its first use, or is
// the library's own first proposal, which is the same every time.
enum class ProductSearch { timed, first_proposal };
void set_product_search(ProductSearch search);

// Other choices add in another order: who wants the same bits again takes this record along, and has it
// adopted before the first product. It is JSON, {"cublas": "130001", "device": "NVIDIA H200", "choices":
// {"<product>":
// "<algorithm>", ...}}; empty of choices where there was nothing to choose.
std::string record_of_product_choices();
// From here on these are the choices, for products met before too. False where the record is of another
// device or version of cuBLAS, and so of no use; then choices are made anew.
bool adopt_product_choices(const std::string& record);
// Of the records of all ranks: where they differ, the first one that knows the product. Those of another
// device than the first are left out; empty where there are none.
std::string merged_product_choices(std::span<const std::string> records);

// Where choices are kept between runs; empty keeps none. At first $XDG_CACHE_HOME/gpt-toolkit, or
// ~/.cache/gpt-toolkit.
void set_product_cache_folder(const std::string& folder);

}  // namespace gpt::ops
