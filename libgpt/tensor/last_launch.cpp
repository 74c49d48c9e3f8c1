#include "libgpt/tensor/last_launch.hpp"

#include <atomic>
#include <string_view>

namespace gpt::tensor {
namespace {

// A launch is noted thousands of times a second, and read once: two plain stores, which another thread may
// see apart.
std::atomic<const char*> file{nullptr};
std::atomic<std::uint32_t> line{0};
std::atomic<std::int64_t> step{-1};

}  // namespace

void note_launch(const std::source_location& site) {
  file.store(site.file_name(), std::memory_order_relaxed);
  line.store(site.line(), std::memory_order_relaxed);
}

void note_step(std::int64_t number) { step.store(number, std::memory_order_relaxed); }

std::optional<std::int64_t> noted_step() {
  const std::int64_t number = step.load(std::memory_order_relaxed);
  return number < 0 ? std::nullopt : std::optional(number);
}

std::string last_launch_text() {
  std::string text;
  if (const char* const name = file.load(std::memory_order_relaxed); name != nullptr) {
    std::string_view base = name;
    base.remove_prefix(base.rfind('/') + 1);
    text = "after the launch at " + std::string(base) + ":" + std::to_string(line.load());
  }
  if (step.load() >= 0) text += (text.empty() ? "in step " : ", in step ") + std::to_string(step.load());
  return text;
}

}  // namespace gpt::tensor
