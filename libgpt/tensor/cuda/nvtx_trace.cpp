#include "libgpt/tensor/cuda/nvtx_trace.hpp"

#include <cuda_profiler_api.h>
#include <nvtx3/nvToolsExt.h>

#include "libgpt/tensor/cuda/cuda_error.hpp"

namespace gpt::tensor {

void NvtxTrace::begin(const char* name) { nvtxRangePushA(name); }
void NvtxTrace::end() { nvtxRangePop(); }

// The steps before and after are wholly outside: what they launched is waited for.
void NvtxTrace::start_profiler() {
  check_cuda(cudaDeviceSynchronize(), "wait before profiling");
  check_cuda(cudaProfilerStart(), "start the profiler");
}
void NvtxTrace::stop_profiler() {
  check_cuda(cudaDeviceSynchronize(), "wait for what is profiled");
  check_cuda(cudaProfilerStop(), "stop the profiler");
}

}  // namespace gpt::tensor
