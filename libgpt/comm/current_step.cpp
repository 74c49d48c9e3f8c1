#include "libgpt/comm/current_step.hpp"

#include <atomic>

#include "libgpt/tensor/last_launch.hpp"

namespace gpt::comm {
namespace {

constexpr std::int64_t kNoStep = -1;
std::atomic<std::int64_t> g_step{kNoStep};

}  // namespace

void set_current_step(std::int64_t step) {
  g_step = step;
  tensor::note_step(step);  // the errors of a device tell it too
}

std::optional<std::int64_t> current_step() {
  const std::int64_t step = g_step;
  return step == kNoStep ? std::nullopt : std::optional(step);
}

}  // namespace gpt::comm
