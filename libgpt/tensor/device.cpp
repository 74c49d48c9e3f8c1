#include "libgpt/tensor/device.hpp"

namespace gpt::tensor {
namespace {

std::unique_ptr<Device>& the_device() {
  static std::unique_ptr<Device> device;
  return device;
}

}  // namespace

Device& device() {
  if (!the_device()) throw std::logic_error("no device was opened");
  return *the_device();
}

void open_device(std::unique_ptr<Device> device) { the_device() = std::move(device); }

bool has_device() { return the_device() != nullptr; }

void close_device() { the_device().reset(); }

}  // namespace gpt::tensor
