#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "libgpt/tensor/memory_account.hpp"

namespace gpt::tensor {

// A MemoryAccount for any thread.
class SharedAccount {
 public:
  void take(const std::string& purpose, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    account_.take(purpose, bytes);
  }
  void give_back(const std::string& purpose, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    account_.give_back(purpose, bytes);
  }
  std::size_t held_bytes() const {
    const std::lock_guard lock(mutex_);
    return account_.held_bytes();
  }
  std::size_t peak_bytes() const {
    const std::lock_guard lock(mutex_);
    return account_.peak_bytes();
  }
  std::vector<HeldMemory> held() const {
    const std::lock_guard lock(mutex_);
    return account_.held();
  }
  std::vector<HeldMemory> at_peak() const {
    const std::lock_guard lock(mutex_);
    return account_.at_peak();
  }

 private:
  mutable std::mutex mutex_;
  MemoryAccount account_;
};

}  // namespace gpt::tensor
