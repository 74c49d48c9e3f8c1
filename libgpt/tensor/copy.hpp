#pragma once

#include <algorithm>
#include <span>
#include <type_traits>
#include <vector>

#include "libgpt/tensor/device.hpp"
#include "libgpt/tensor/element.hpp"

// Moves elements within the memory of host or device, and between them. Spans have the same size.
namespace gpt::tensor {

template <class T>
std::byte* bytes_of(std::span<T> elements) {
  return reinterpret_cast<std::byte*>(const_cast<std::remove_const_t<T>*>(elements.data()));
}

// Within one memory; the stretches do not overlap, unless they are the same.
template <class T>
void copy(std::span<const std::type_identity_t<T>> from, std::span<T> to) {
  if constexpr (kPlaceOf<T> == Place::host) {
    std::copy(from.begin(), from.end(), to.begin());
  } else if (from.data() != to.data()) {
    device().copy(bytes_of(to), bytes_of(from), to.size_bytes());
  }
}

template <class T>
void fill_zero(std::span<T> elements) {
  if constexpr (kPlaceOf<T> == Place::host) {
    std::fill(elements.begin(), elements.end(), T{});
  } else {
    device().fill_zero(bytes_of(elements), elements.size_bytes());
  }
}

// From the host to where the T are. The source may be changed when the call returns.
template <class T>
void upload(std::span<const ValueOf<T>> from, std::span<T> to) {
  if constexpr (kPlaceOf<T> == Place::host) {
    std::copy(from.begin(), from.end(), to.begin());
  } else {
    device().upload(bytes_of(to), from.data(), to.size_bytes());
  }
}

// From where the T are to the host. Waits until all that was asked for before is done.
template <class T>
void download(std::span<const T> from, std::span<ValueOf<T>> to) {
  if constexpr (kPlaceOf<T> == Place::host) {
    std::copy(from.begin(), from.end(), to.begin());
  } else {
    device().download(to.data(), bytes_of(from), to.size_bytes());
  }
}
template <class T>
std::vector<ValueOf<T>> downloaded(std::span<const T> from) {
  std::vector<ValueOf<T>> to(from.size());
  download<T>(from, to);
  return to;
}

}  // namespace gpt::tensor
