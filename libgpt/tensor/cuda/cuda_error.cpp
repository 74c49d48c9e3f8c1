#include "libgpt/tensor/cuda/cuda_error.hpp"

#include "libgpt/tensor/last_launch.hpp"

namespace gpt::tensor {

std::string explain(cudaError_t code) {
  const std::string words = std::string(cudaGetErrorName(code)) + ", " + cudaGetErrorString(code);
  switch (code) {
    case cudaErrorECCUncorrectable:
      return words +
             ": the GPU's memory is damaged beyond correction (nvidia-smi -q -d ECC); drain the node and "
             "resume "
             "from the last checkpoint on another";
    case cudaErrorIllegalAddress:
    case cudaErrorMisalignedAddress:
    case cudaErrorIllegalInstruction:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
      return words +
             ": a kernel did what it must not, by a fault of the program or of the GPU; the last checkpoint "
             "is "
             "intact. Seen on one node only, suspect the node (dmesg shows its Xid); otherwise run under "
             "compute-sanitizer and report it";
    case cudaErrorDevicesUnavailable:
    case cudaErrorDeviceAlreadyInUse:
      return words +
             ": the GPU is set to one process at a time (nvidia-smi -q -d COMPUTE) and another has it; end "
             "that "
             "process, or have the mode set to Default";
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorInvalidKernelImage:
      return words + ": this program has no code for this GPU; build with -DCMAKE_CUDA_ARCHITECTURES for it";
    case cudaErrorInsufficientDriver:
      return words + ": the driver is older than the CUDA toolkit that this program was built with";
    case cudaErrorSystemNotReady:
      return words + ": on machines with NVSwitch the service nvidia-fabricmanager must run";
    default:
      return words;
  }
}

void throw_cuda_error(cudaError_t code, const char* doing) {
  const std::string last = last_launch_text();
  throw CudaError(std::string("the GPU failed to ") + doing + (last.empty() ? "" : ", " + last) + ": " +
                  explain(code));
}

}  // namespace gpt::tensor
