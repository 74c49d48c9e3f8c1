#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <type_traits>

namespace gpt::tensor {

// Two-byte numbers, as values to store: arithmetic is done in float. Conversions round to nearest even.
struct Bf16 {
  std::uint16_t bits;
};
struct F16 {
  std::uint16_t bits;
};

constexpr float to_float(float x) { return x; }
constexpr double to_float(double x) { return x; }
constexpr float to_float(Bf16 x) { return std::bit_cast<float>(static_cast<std::uint32_t>(x.bits) << 16); }
constexpr float to_float(F16 x) {
  const std::uint32_t sign = static_cast<std::uint32_t>(x.bits & 0x8000u) << 16;
  const std::uint32_t magnitude = x.bits & 0x7FFFu;
  if (magnitude >= 0x7C00u)  // infinity, or no number
    return std::bit_cast<float>(sign | 0x7F800000u | ((magnitude & 0x3FFu) << 13));
  // The fraction and exponent moved into place are too small by 2^112, which also makes subnormals right.
  return std::bit_cast<float>(sign |
                              std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude << 13) * 0x1p112F));
}

template <class V>
constexpr V from_float(float x) {
  if constexpr (std::is_same_v<V, Bf16>) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return {static_cast<std::uint16_t>((bits >> 16) | 0x40u)};
    return {static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16)};
  } else if constexpr (std::is_same_v<V, F16>) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFu;
    if (magnitude > 0x7F800000u) return {static_cast<std::uint16_t>(sign | 0x7E00u)};
    if (magnitude >= 0x477FF000u) return {static_cast<std::uint16_t>(sign | 0x7C00u)};  // 65520 and beyond
    if (magnitude < 0x38800000u) {  // subnormal: adding 0.5 leaves the multiple of 2^-24 in the low bits
      const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
      return {static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000u))};
    }
    const std::uint32_t rounded = magnitude + 0xFFFu + ((magnitude >> 13) & 1u) - 0x38000000u;
    return {static_cast<std::uint16_t>(sign | (rounded >> 13))};
  } else {
    return static_cast<V>(x);
  }
}

// A V in the memory of the device. The host holds pointers to such elements and spans of them, and passes
// them on; it can neither read nor assign them, so what would reach for them by mistake does not compile.
template <class V>
class OnDevice {
  OnDevice() = delete;
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;

  [[maybe_unused]] V value_;
};
using DeviceF32 = OnDevice<float>;
using DeviceBf16 = OnDevice<Bf16>;
using DeviceF16 = OnDevice<F16>;

enum class Place { host, device };

namespace detail {

template <class T>
struct Element {
  using Value = T;
  using Sum = T;
  template <class V>
  using Beside = V;
  static constexpr Place kPlace = Place::host;
};

template <class V>
struct Element<OnDevice<V>> {
  using Value = V;
  using Sum = DeviceF32;
  template <class W>
  using Beside = OnDevice<W>;
  static constexpr Place kPlace = Place::device;
};

}  // namespace detail

// What an element of type T holds: float for float and DeviceF32, Bf16 for DeviceBf16.
template <class T>
using ValueOf = typename detail::Element<std::remove_const_t<T>>::Value;

// What sums over elements of type T are kept in, and what needs more than 16 bits beside them (gradients of
// weights, statistics of a norm): float and double for themselves, DeviceF32 for every device type.
template <class T>
using SumOf = typename detail::Element<T>::Sum;

// A V in the memory where the T are: Beside<float, int> is int, Beside<DeviceBf16, int> is OnDevice<int>.
template <class T, class V>
using Beside = typename detail::Element<T>::template Beside<V>;

template <class T>
constexpr Place kPlaceOf = detail::Element<std::remove_const_t<T>>::kPlace;

// The addresses behind device elements, for kernels and the libraries that run on the device. Of an empty span
// nullptr, whatever it pointed to: by that kernels know what is left out.
template <class V>
V* raw(std::span<OnDevice<V>> elements) {
  return elements.empty() ? nullptr : reinterpret_cast<V*>(elements.data());
}
template <class V>
const V* raw(std::span<const OnDevice<V>> elements) {
  return elements.empty() ? nullptr : reinterpret_cast<const V*>(elements.data());
}
template <class V>
std::span<OnDevice<V>> on_device(V* address, std::size_t count) {
  return {reinterpret_cast<OnDevice<V>*>(address), count};
}

}  // namespace gpt::tensor
