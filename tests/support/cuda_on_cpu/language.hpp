#pragma once

// The language of kernels (libgpt/tensor/cuda/language.hpp) on the CPU: what GPT_CUDA_ON_CPU names.

#include "tests/support/cuda_on_cpu/arithmetic.hpp"
#include "tests/support/cuda_on_cpu/async_copy.hpp"
#include "tests/support/cuda_on_cpu/conversions.hpp"
#include "tests/support/cuda_on_cpu/kernel_launch.hpp"
#include "tests/support/cuda_on_cpu/memory.hpp"
#include "tests/support/cuda_on_cpu/tensor_core.hpp"
#include "tests/support/cuda_on_cpu/threads_of_a_block.hpp"
#include "tests/support/cuda_on_cpu/vector_types.hpp"
#include "tests/support/cuda_on_cpu/warp.hpp"
