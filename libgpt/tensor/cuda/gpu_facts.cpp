#include <array>
#include <cstdio>
#include <cstdlib>

#include <cuda_runtime_api.h>

#include "libgpt/tensor/cuda/cuda_device.hpp"
#include "libgpt/tensor/cuda/cuda_error.hpp"

namespace gpt::tensor {
namespace {

std::string uuid_text(const cudaUUID_t& uuid) {
  std::string text = "GPU-";
  for (const char byte : uuid.bytes) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(byte)));
    text += digits.data();
  }
  return text;
}

Gpu describe_or_throw(int ordinal) {
  cudaDeviceProp properties{};
  check_cuda(cudaGetDeviceProperties(&properties, ordinal), "read the properties of a GPU");
  return {uuid_text(properties.uuid), properties.name, properties.major * 10 + properties.minor,
          properties.totalGlobalMem};
}

// What CUDA reads when it starts; whoever has set it knows why.
void settle_environment() {
  // Kernels that are loaded when they first run may wait until the GPU stands still: for ever, where a
  // message is under way that another rank sends only after what that kernel makes.
  setenv("CUDA_MODULE_LOADING", "EAGER", 0);
  // Streams beyond the connections to the GPU share one, and then wait for each other's work: those of the
  // groups and of the lanes between stages, beside the one that computes, are more than the 8 that are usual.
  setenv("CUDA_DEVICE_MAX_CONNECTIONS", "32", 0);
}

}  // namespace

GpuFacts gpu_facts() {
  settle_environment();
  GpuFacts facts;
  facts.toolkit = CUDART_VERSION;
  facts.code = parse_architectures(GPT_CUDA_ARCHITECTURES);
  if (cudaDriverGetVersion(&facts.driver) != cudaSuccess) facts.driver = 0;
  if (facts.driver == 0) {
    (void)cudaGetLastError();
    return facts;
  }
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  (void)cudaGetLastError();
  if (status == cudaErrorNoDevice) return facts;
  if (status != cudaSuccess) {
    facts.complaint = explain(status);
    return facts;
  }
  for (int ordinal = 0; ordinal < count; ++ordinal) facts.gpus.push_back(describe_or_throw(ordinal));
  return facts;
}

}  // namespace gpt::tensor
