#pragma once

#include <string>

#include <cuda_runtime_api.h>

#include "libgpt/tensor/device.hpp"

namespace gpt::tensor {

// CUDA refused or failed. After some failures (an illegal address, a memory fault) nothing more can be done
// with the GPU in this process: it has to end, and the work to be resumed from its last checkpoint.
class CudaError : public DeviceError {
 public:
  using DeviceError::DeviceError;
};

// What a failure means and what to do, for the failures that users meet; CUDA's own words for the rest.
std::string explain(cudaError_t code);

[[noreturn]] void throw_cuda_error(cudaError_t code, const char* doing);

// doing: "copy 4096 bytes to the GPU" ...; said after the name of the last kernel that was launched, which is
// the one to suspect: kernels run later than their launch, and what they do wrong is reported by whatever
// comes next.
inline void check_cuda(cudaError_t code, const char* doing) {
  if (code != cudaSuccess) throw_cuda_error(code, doing);
}

}  // namespace gpt::tensor
