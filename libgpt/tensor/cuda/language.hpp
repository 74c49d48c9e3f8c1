#pragma once

// The language of kernels: what every .cu includes and all that it may use. nvcc reads CUDA itself with thin
// wrappers beside it; tests name another header, which runs the same source on the CPU, threads as fibers.
//
// From CUDA, under its own names:
//   __global__ __device__ __host__ __forceinline__ __launch_bounds__ __restrict__
//   threadIdx blockIdx blockDim gridDim dim3 warpSize
//   [u]int2/3/4, float2/3/4, ushort2/4, uchar4, double2 and their make_...
//   __syncthreads, __syncthreads_count/_and/_or, __syncwarp
//   __shfl_sync, _up, _down, _xor; __any_sync, __all_sync, __ballot_sync;
//   __reduce_add/min/max/and/or/xor_sync atomicAdd, Sub, Max, Min, And, Or, Xor, Exch, CAS; __threadfence,
//   __threadfence_block
//   __expf __logf __log2f __powf __sinf __cosf __fdividef rsqrtf __f{add,mul,maf,div,sqrt,rcp}_rn, <cmath>'s
//   functions of float
//   __float_as_uint __uint_as_float __float_as_int __int_as_float
//   __popc[ll] __clz[ll] __ffs[ll] __brev __umulhi __mulhi __umul64hi __byte_perm min max
//   __ldg __ldcg __ldcs __stcg __stcs __trap
//
// Ours, on both sides (namespace gpt::tensor):
//   GPT_SHARED(float[8][33], tile);            static shared memory (instead of __shared__)
//   GPT_DYNAMIC_SHARED(float, rows);           float* rows: the launch's shared_bytes, aligned to 128 bytes
//   float_of(x), element_of<T>(x)              a stored element (float, Bf16, F16) to float and back
//   floats_of<T>(pair), pair_of<T>(low, high)  two 16-bit elements in a 32-bit register, the first one low
//   cp_async<4|8|16>(shared, global, valid), cp_async_commit(), cp_async_wait<groups that may be under way>()
//   load_matrix_x2, _x4 (registers, row of this lane), and _transposed
//   mma_m16n8k16<T>(accumulators, a, b0, b1)
//   fast_exp2, fast_tanh                       the approximations of the special function unit
//   launch(kernel, grid, block, shared_bytes, stream, arguments...)
//
// Lane layouts (PTX ISA, "Matrix Fragments for mma.m16n8k16", "ldmatrix"); group = lane / 4, in = lane % 4:
//   A [16, 16], a[0..3], two elements each:  rows group, group + 8, group, group + 8;
//                                            columns 2 in + {0, 1} in a[0], a[1], 2 in + {8, 9} in a[2], a[3]
//   B [16, 8], b0, b1, two elements each:    rows 2 in + {0, 1} in b0, 2 in + {8, 9} in b1; column group
//   C, D [16, 8], c[0..3], floats:           rows group in c[0], c[1], group + 8 in c[2], c[3];
//                                            columns 2 in, 2 in + 1
//   load_matrix: lane 8 i + r gives the address of row r of 8 x 8 matrix i (16 bytes, aligned to 16; with x2
//   lanes 0 to 15 count); register i of a lane then holds row `group`, columns 2 in + {0, 1} of matrix i, or
//   with _transposed rows 2 in + {0, 1}, column `group`.

#include "libgpt/tensor/cuda/stream.hpp"
#include "libgpt/tensor/element.hpp"

#if defined(__CUDACC__)
#include "libgpt/tensor/cuda/language_nvcc.hpp"
#elif defined(GPT_CUDA_ON_CPU)
#include GPT_CUDA_ON_CPU
#else
#error "kernels are compiled by nvcc, or with GPT_CUDA_ON_CPU naming the header that runs them on the CPU"
#endif
