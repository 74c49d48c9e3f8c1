#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "libgpt/tensor/cuda/driver_calls.hpp"
#include "libgpt/tensor/cuda/shared_account.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::tensor {

// Memory of a GPU that grows in place: addresses for as much as the GPU has are set aside once, and memory is
// put behind them as it is needed.
class MappedMemory : public GrowingDeviceMemory {
 public:
  // out_of_memory(bytes) throws; the account outlives this.
  MappedMemory(int ordinal, std::size_t most_bytes, SharedAccount& account,
               std::function<void(std::size_t)> out_of_memory);
  ~MappedMemory() override;
  MappedMemory(const MappedMemory&) = delete;
  MappedMemory& operator=(const MappedMemory&) = delete;

  std::byte* data() const override { return reinterpret_cast<std::byte*>(address_); }
  std::size_t size() const override { return size_; }
  void grow_to(std::size_t bytes) override;

 private:
  struct Piece {
    CUmemGenericAllocationHandle handle;
    std::size_t offset, bytes;
    std::string purpose;
  };

  void set_aside_or_throw();
  void check(CUresult status, const char* doing) const;

  CUmemAllocationProp kind_{};
  std::size_t most_bytes_;
  SharedAccount& account_;
  std::function<void(std::size_t)> out_of_memory_;
  CUdeviceptr address_ = 0;
  std::size_t reserved_ = 0;
  std::size_t step_ = 0;
  std::size_t size_ = 0;
  std::vector<Piece> pieces_;
};

}  // namespace gpt::tensor
