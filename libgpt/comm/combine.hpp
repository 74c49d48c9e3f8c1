#pragma once

#include <cstddef>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

bool is_reducible(tensor::DType type);

// result[i] = a[i] and b[i] reduced. result may be a. F32, F64, I32 and I64.
void combine(tensor::DType type, Reduction reduction, const void* a, const void* b, void* result,
             std::size_t count);

}  // namespace gpt::comm
