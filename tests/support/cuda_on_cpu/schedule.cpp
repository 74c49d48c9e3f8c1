#include "tests/support/cuda_on_cpu/schedule.hpp"

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace gpt::cuda_on_cpu {
namespace {

struct State {
  Schedule schedule;
  std::uint64_t launches = 0;  // since the schedule was set
};

State& state() {
  static thread_local State state = [] {
    const char* text = std::getenv("GPT_CUDA_SCHEDULE");
    return State{text == nullptr ? Schedule{} : parse_schedule(text)};
  }();
  return state;
}

}  // namespace

Schedule parse_schedule(const std::string& text) {
  if (text.empty() || text == "fifo") return {};
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument("GPT_CUDA_SCHEDULE is '" + text + "': 'fifo' or a number");
  return {seed};
}

Schedule current_schedule() { return state().schedule; }

ScopedSchedule::ScopedSchedule(Schedule schedule) : before_(state().schedule) { state() = {schedule}; }
ScopedSchedule::~ScopedSchedule() { state() = {before_}; }

std::uint64_t next_launch_seed() {
  return state().schedule.seed.value_or(0) * 0x9E3779B97F4A7C15u + ++state().launches;
}

}  // namespace gpt::cuda_on_cpu
