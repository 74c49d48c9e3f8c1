#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace gpt::tensor {

// Says for what memory is taken while the object lives, as the reports name it: HeldFor scope("gradients");
// the innermost counts. Of the thread.
class HeldFor {
 public:
  explicit HeldFor(const char* purpose);
  ~HeldFor();
  HeldFor(const HeldFor&) = delete;
  HeldFor& operator=(const HeldFor&) = delete;

  static const char* current();  // "other" outside of any

 private:
  const char* before_;
};

struct HeldMemory {
  std::string purpose;
  std::size_t bytes;
};

// Who holds how much of a device's memory, now and when most was held.
class MemoryAccount {
 public:
  void take(const std::string& purpose, std::size_t bytes);
  void give_back(const std::string& purpose, std::size_t bytes);

  std::size_t held_bytes() const { return held_; }
  std::size_t peak_bytes() const { return peak_; }
  // The largest first, nothing that holds nothing.
  std::vector<HeldMemory> held() const { return sorted(now_); }
  std::vector<HeldMemory> at_peak() const;

 private:
  static std::vector<HeldMemory> sorted(const std::map<std::string, std::size_t>& account);

  std::map<std::string, std::size_t> now_;
  // Kept up to date only when something is given back, since taking is what leads to a peak.
  std::map<std::string, std::size_t> at_peak_;
  bool rising_ = false;
  std::size_t held_ = 0;
  std::size_t peak_ = 0;
};

// "activations 40.0 GiB, weights 2.9 GiB"
std::string memory_text(const std::vector<HeldMemory>& held);
std::string byte_text(std::size_t bytes);  // "2.9 GiB"

}  // namespace gpt::tensor
