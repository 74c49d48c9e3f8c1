#pragma once

// Shared memory, atomic operations, loads and stores with hints.

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "tests/support/cuda_on_cpu/machine.hpp"

// A static shared array is known by the address of a byte of its own, one for each instantiation of a kernel.
#define GPT_SHARED(type, name)                                                       \
  static char gpt_key_of_##name = 0;                                                 \
  std::type_identity_t<type>& name = *reinterpret_cast<std::type_identity_t<type>*>( \
      ::gpt::cuda_on_cpu::t_machine->shared_array(&gpt_key_of_##name, sizeof(std::type_identity_t<type>)))
#define GPT_DYNAMIC_SHARED(type, name) \
  type* const name = reinterpret_cast<type*>(::gpt::cuda_on_cpu::t_machine->dynamic_shared())

namespace gpt::cuda_on_cpu {

template <class T, class... Allowed>
concept OneOf = (std::same_as<T, Allowed> || ...);
template <class T>
concept AtomicInteger = OneOf<T, int, unsigned, unsigned long long>;

// Replaces *at by change(*at) in one step; returns what was there.
template <class T, class Change>
T atomically(T* at, Change change) {
  t_machine->maybe_yield();
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  auto* bits = reinterpret_cast<Bits*>(at);
  Bits before = __atomic_load_n(bits, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(bits, &before,
                                      std::bit_cast<Bits>(static_cast<T>(change(std::bit_cast<T>(before)))),
                                      false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
  }
  return std::bit_cast<T>(before);
}

}  // namespace gpt::cuda_on_cpu

template <class T>
requires(gpt::cuda_on_cpu::OneOf<T, int, unsigned, unsigned long long, float, double>) T
    atomicAdd(T* at, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T before) {
    if constexpr (std::same_as<T, int>)
      return static_cast<int>(static_cast<unsigned>(before) + static_cast<unsigned>(value));
    else
      return before + value;
  });
}
template <class T>
requires(gpt::cuda_on_cpu::OneOf<T, int, unsigned>) T atomicSub(T* at, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T before) {
    return static_cast<T>(static_cast<unsigned>(before) - static_cast<unsigned>(value));
  });
}
template <gpt::cuda_on_cpu::AtomicInteger T>
T atomicMax(T* at, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T before) { return before < value ? value : before; });
}
template <gpt::cuda_on_cpu::AtomicInteger T>
T atomicMin(T* at, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T before) { return value < before ? value : before; });
}
template <gpt::cuda_on_cpu::AtomicInteger T>
T atomicAnd(T* at, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T before) { return before & value; });
}
template <gpt::cuda_on_cpu::AtomicInteger T>
T atomicOr(T* at, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T before) { return before | value; });
}
template <gpt::cuda_on_cpu::AtomicInteger T>
T atomicXor(T* at, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T before) { return before ^ value; });
}
template <class T>
requires(gpt::cuda_on_cpu::OneOf<T, int, unsigned, unsigned long long, float>) T
    atomicExch(T* at, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T) { return value; });
}
template <gpt::cuda_on_cpu::AtomicInteger T>
T atomicCAS(T* at, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  return gpt::cuda_on_cpu::atomically(at, [&](T before) { return before == expected ? value : before; });
}

// Atomic operations order memory here, so that a fence has nothing left to do.
inline void __threadfence() { gpt::cuda_on_cpu::t_machine->maybe_yield(); }
inline void __threadfence_block() { gpt::cuda_on_cpu::t_machine->maybe_yield(); }

template <class T>
T __ldg(const T* from) {
  return *from;
}
template <class T>
T __ldcg(const T* from) {
  return *from;
}
template <class T>
T __ldca(const T* from) {
  return *from;
}
template <class T>
T __ldcs(const T* from) {
  return *from;
}
template <class T>
void __stcg(T* to, std::type_identity_t<T> value) {
  *to = value;
}
template <class T>
void __stcs(T* to, std::type_identity_t<T> value) {
  *to = value;
}
