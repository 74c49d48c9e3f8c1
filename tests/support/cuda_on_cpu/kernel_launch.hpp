#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "libgpt/tensor/cuda/launch_site.hpp"
#include "libgpt/tensor/cuda/stream.hpp"
#include "tests/support/cuda_on_cpu/machine.hpp"
#include "tests/support/cuda_on_cpu/recording.hpp"

namespace gpt::tensor {

// Returns when the kernel has run, or is recorded. Throws KernelError, a DeviceError.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const LaunchGrid<dim3>& grid, dim3 block, std::size_t shared_bytes,
            Stream, Arguments&&... arguments) {
  static_assert(sizeof...(Parameters) == sizeof...(Arguments), "a launch gives the kernel every argument");
  if (grid.empty()) return;
  const std::tuple<std::decay_t<Parameters>...> given{
      static_cast<Parameters>(std::forward<Arguments>(arguments))...};
  cuda_on_cpu::do_or_record([=] {
    const auto call = [&] { std::apply([&](const auto&... values) { kernel(values...); }, given); };
    using Call = decltype(call);
    const auto call_closure = [](const void* closure) { (*static_cast<const Call*>(closure))(); };
    cuda_on_cpu::machine().run({grid.blocks, block, shared_bytes, grid.where(), call_closure, &call});
  });
}

}  // namespace gpt::tensor
