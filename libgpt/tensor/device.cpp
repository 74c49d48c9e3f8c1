#include "libgpt/tensor/device.hpp"

#include <chrono>
#include <utility>

namespace gpt::tensor {
namespace {

std::unique_ptr<Device>& the_device() {
  static std::unique_ptr<Device> device;
  return device;
}

class RepeatedWork : public RecordedWork {
 public:
  explicit RepeatedWork(std::function<void()> work) : work_(std::move(work)) {}
  void replay() override { work_(); }

 private:
  std::function<void()> work_;
};

class HostMark : public DeviceMark {
 public:
  double seconds_since(const DeviceMark& earlier) const override {
    return std::chrono::duration<double>(at_ - dynamic_cast<const HostMark&>(earlier).at_).count();
  }

 private:
  std::chrono::steady_clock::time_point at_ = std::chrono::steady_clock::now();
};

}  // namespace

std::unique_ptr<RecordedWork> Device::record(std::function<void()> work) {
  return std::make_unique<RepeatedWork>(std::move(work));
}

std::unique_ptr<DeviceMark> Device::mark() {
  synchronise();
  return std::make_unique<HostMark>();
}

Device& device() {
  if (!the_device()) throw std::logic_error("no device was opened");
  return *the_device();
}

void open_device(std::unique_ptr<Device> device) { the_device() = std::move(device); }

bool has_device() { return the_device() != nullptr; }

void close_device() { the_device().reset(); }

}  // namespace gpt::tensor
