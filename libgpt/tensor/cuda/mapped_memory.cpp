#include "libgpt/tensor/cuda/mapped_memory.hpp"

#include <cuda_runtime_api.h>

#include "libgpt/tensor/cuda/cuda_error.hpp"

namespace gpt::tensor {
namespace {

std::size_t round_up(std::size_t bytes, std::size_t step) { return (bytes + step - 1) / step * step; }

}  // namespace

MappedMemory::MappedMemory(int ordinal, std::size_t most_bytes, SharedAccount& account,
                           std::function<void(std::size_t)> out_of_memory)
    : most_bytes_(most_bytes), account_(account), out_of_memory_(std::move(out_of_memory)) {
  kind_.type = CU_MEM_ALLOCATION_TYPE_PINNED;
  kind_.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
  kind_.location.id = ordinal;
}

void MappedMemory::check(CUresult status, const char* doing) const {
  if (status != CUDA_SUCCESS)
    throw CudaError(std::string("the GPU failed to ") + doing + ": " + explain(status));
}

void MappedMemory::set_aside_or_throw() {
  const DriverCalls& driver = driver_calls_or_throw();
  check(driver.granularity(&step_, &kind_, CU_MEM_ALLOC_GRANULARITY_RECOMMENDED), "ask how memory is mapped");
  const std::size_t range = round_up(most_bytes_, step_);
  check(driver.address_reserve(&address_, range, 0, 0, 0), "set addresses aside");
  reserved_ = range;
}

void MappedMemory::grow_to(std::size_t bytes) {
  if (bytes <= size_) return;
  if (reserved_ == 0) set_aside_or_throw();
  const std::size_t more = round_up(bytes, step_) - size_;
  if (size_ + more > reserved_) out_of_memory_(more);
  const DriverCalls& driver = driver_calls_or_throw();
  Piece piece{0, size_, more, HeldFor::current()};
  const CUresult created = driver.create(&piece.handle, more, &kind_, 0);
  if (created == CUDA_ERROR_OUT_OF_MEMORY) out_of_memory_(more);
  check(created, "take memory of the GPU");
  if (const CUresult mapped = driver.map(address_ + size_, more, 0, piece.handle, 0);
      mapped != CUDA_SUCCESS) {
    driver.release(piece.handle);
    check(mapped, "map memory of the GPU");
  }
  pieces_.push_back(piece);
  account_.take(piece.purpose, more);
  CUmemAccessDesc access{};
  access.location = kind_.location;
  access.flags = CU_MEM_ACCESS_FLAGS_PROT_READWRITE;
  check(driver.set_access(address_ + size_, more, &access, 1), "open memory of the GPU for use");
  size_ += more;
}

// In a process that ends the driver may be gone before; what it then says changes nothing.
MappedMemory::~MappedMemory() {
  if (reserved_ == 0) return;
  const DriverCalls& driver = driver_calls_or_throw();
  (void)cudaDeviceSynchronize();  // nothing may still use it
  for (const Piece& piece : pieces_) {
    driver.unmap(address_ + piece.offset, piece.bytes);
    driver.release(piece.handle);
    account_.give_back(piece.purpose, piece.bytes);
  }
  driver.address_free(address_, reserved_);
}

}  // namespace gpt::tensor
