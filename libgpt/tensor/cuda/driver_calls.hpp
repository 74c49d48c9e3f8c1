#pragma once

#include <string>

#include <cuda.h>

namespace gpt::tensor {

// The functions of the driver that map memory to addresses. Asked for at run time: a program that is linked
// with libcuda would not even start on a machine without the driver.
struct DriverCalls {
  decltype(&cuMemAddressReserve) address_reserve;
  decltype(&cuMemAddressFree) address_free;
  decltype(&cuMemCreate) create;
  decltype(&cuMemRelease) release;
  decltype(&cuMemMap) map;
  decltype(&cuMemUnmap) unmap;
  decltype(&cuMemSetAccess) set_access;
  decltype(&cuMemGetAllocationGranularity) granularity;
  decltype(&cuGetErrorString) error_string;
};

// Throws CudaError where the driver lacks one of them.
const DriverCalls& driver_calls_or_throw();

std::string explain(CUresult code);

}  // namespace gpt::tensor
