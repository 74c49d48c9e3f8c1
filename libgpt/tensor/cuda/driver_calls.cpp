#include "libgpt/tensor/cuda/driver_calls.hpp"

#include <cuda_runtime_api.h>

#include "libgpt/tensor/cuda/cuda_error.hpp"

namespace gpt::tensor {
namespace {

// All of them are there since CUDA 10.2.
constexpr unsigned kVersion = 10020;

template <class Function>
void find_or_throw(const char* name, Function& function) {
  void* address = nullptr;
  cudaDriverEntryPointQueryResult found = cudaDriverEntryPointSymbolNotFound;
#if CUDART_VERSION >= 12050
  const cudaError_t status =
      cudaGetDriverEntryPointByVersion(name, &address, kVersion, cudaEnableDefault, &found);
#else
  const cudaError_t status = cudaGetDriverEntryPoint(name, &address, cudaEnableDefault, &found);
#endif
  check_cuda(status, "find a function of the driver");
  if (found != cudaDriverEntryPointSuccess || address == nullptr) {
    throw CudaError(std::string("the NVIDIA driver has no ") + name + ": it is too old");
  }
  function = reinterpret_cast<Function>(address);
}

DriverCalls find_all_or_throw() {
  DriverCalls calls{};
  find_or_throw("cuMemAddressReserve", calls.address_reserve);
  find_or_throw("cuMemAddressFree", calls.address_free);
  find_or_throw("cuMemCreate", calls.create);
  find_or_throw("cuMemRelease", calls.release);
  find_or_throw("cuMemMap", calls.map);
  find_or_throw("cuMemUnmap", calls.unmap);
  find_or_throw("cuMemSetAccess", calls.set_access);
  find_or_throw("cuMemGetAllocationGranularity", calls.granularity);
  find_or_throw("cuGetErrorString", calls.error_string);
  return calls;
}

}  // namespace

const DriverCalls& driver_calls_or_throw() {
  static const DriverCalls calls = find_all_or_throw();
  return calls;
}

std::string explain(CUresult code) {
  const char* text = nullptr;
  if (driver_calls_or_throw().error_string(code, &text) == CUDA_SUCCESS && text != nullptr) return text;
  return "error " + std::to_string(static_cast<int>(code)) + " of the driver";
}

}  // namespace gpt::tensor
