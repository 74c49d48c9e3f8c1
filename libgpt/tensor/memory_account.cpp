#include "libgpt/tensor/memory_account.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gpt::tensor {
namespace {

const char*& current_purpose() {
  thread_local const char* purpose = "other";
  return purpose;
}

}  // namespace

HeldFor::HeldFor(const char* purpose) : before_(current_purpose()) { current_purpose() = purpose; }
HeldFor::~HeldFor() { current_purpose() = before_; }
const char* HeldFor::current() { return current_purpose(); }

void MemoryAccount::take(const std::string& purpose, std::size_t bytes) {
  now_[purpose] += bytes;
  held_ += bytes;
  if (held_ > peak_) {
    peak_ = held_;
    rising_ = true;
  }
}

void MemoryAccount::give_back(const std::string& purpose, std::size_t bytes) {
  if (rising_ && held_ == peak_) at_peak_ = now_;
  rising_ = false;
  now_[purpose] -= bytes;
  held_ -= bytes;
}

std::vector<HeldMemory> MemoryAccount::at_peak() const {
  return sorted(rising_ && held_ == peak_ ? now_ : at_peak_);
}

std::vector<HeldMemory> MemoryAccount::sorted(const std::map<std::string, std::size_t>& account) {
  std::vector<HeldMemory> all;
  for (const auto& [purpose, bytes] : account) {
    if (bytes > 0) all.push_back({purpose, bytes});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const HeldMemory& a, const HeldMemory& b) { return a.bytes > b.bytes; });
  return all;
}

std::string memory_text(const std::vector<HeldMemory>& held) {
  std::string text;
  for (const HeldMemory& one : held) {
    text += (text.empty() ? "" : ", ") + one.purpose + " " + byte_text(one.bytes);
  }
  return text.empty() ? "nothing" : text;
}

std::string byte_text(std::size_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text.data();
}

}  // namespace gpt::tensor
