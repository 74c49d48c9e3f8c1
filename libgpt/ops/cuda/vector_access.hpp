#pragma once

// How kernels read and write elements: 16 bytes at a time where all lies so, else one by one. Arithmetic is
// done in float.
#include <cstdint>
#include <type_traits>

#include "libgpt/tensor/cuda/language.hpp"

namespace gpt::ops::cuda {

using i64 = std::int64_t;
using u32 = std::uint32_t;
using tensor::element_of;
using tensor::float_of;
using tensor::floats_of;
using tensor::pair_of;

// Elements in 16 bytes.
template <class V>
constexpr int kPack = static_cast<int>(16 / sizeof(V));

// Width elements that lie side by side, as they are stored.
template <class V, int Width>
struct Pack {
  static constexpr int kWords = static_cast<int>(sizeof(V)) * Width / 4;
  static_assert(kWords == 2 || kWords % 4 == 0);
  u32 words[kWords];
};
template <class V>
struct Pack<V, 1> {
  V element;
};

template <int Width>
struct Floats {
  float at[Width];
};

template <class V, int Width>
__device__ __forceinline__ Pack<V, Width> load(const V* from) {
  Pack<V, Width> pack;
  if constexpr (Width == 1) {
    pack.element = *from;
  } else if constexpr (Pack<V, Width>::kWords == 2) {
    const uint2 two = *reinterpret_cast<const uint2*>(from);
    pack.words[0] = two.x;
    pack.words[1] = two.y;
  } else {
#pragma unroll
    for (int i = 0; i < Pack<V, Width>::kWords; i += 4) {
      const uint4 four = reinterpret_cast<const uint4*>(from)[i / 4];
      pack.words[i] = four.x;
      pack.words[i + 1] = four.y;
      pack.words[i + 2] = four.z;
      pack.words[i + 3] = four.w;
    }
  }
  return pack;
}

template <class V, int Width>
__device__ __forceinline__ void store(V* to, const Pack<V, Width>& pack) {
  if constexpr (Width == 1) {
    *to = pack.element;
  } else if constexpr (Pack<V, Width>::kWords == 2) {
    *reinterpret_cast<uint2*>(to) = make_uint2(pack.words[0], pack.words[1]);
  } else {
#pragma unroll
    for (int i = 0; i < Pack<V, Width>::kWords; i += 4) {
      reinterpret_cast<uint4*>(to)[i / 4] =
          make_uint4(pack.words[i], pack.words[i + 1], pack.words[i + 2], pack.words[i + 3]);
    }
  }
}

// As store, to global memory alone, where nvcc would cut a plain store of 16 bytes into four: seen where the
// first of several depends on a condition (look for STG.E without .128 in the machine code).
template <class V, int Width>
__device__ __forceinline__ void store_whole(V* to, const Pack<V, Width>& pack) {
  if constexpr (sizeof(pack) == 16) {
    __stcg(reinterpret_cast<uint4*>(to),
           make_uint4(pack.words[0], pack.words[1], pack.words[2], pack.words[3]));
  } else {
    store<V, Width>(to, pack);
  }
}

template <class V, int Width>
__device__ __forceinline__ Floats<Width> floats(const Pack<V, Width>& pack) {
  Floats<Width> x;
  if constexpr (Width == 1) {
    x.at[0] = float_of(pack.element);
  } else if constexpr (sizeof(V) == 2) {
#pragma unroll
    for (int i = 0; i < Width; i += 2) {
      const float2 two = floats_of<V>(pack.words[i / 2]);
      x.at[i] = two.x;
      x.at[i + 1] = two.y;
    }
  } else {
#pragma unroll
    for (int i = 0; i < Width; ++i) x.at[i] = __uint_as_float(pack.words[i]);
  }
  return x;
}

// Rounded to V.
template <class V, int Width>
__device__ __forceinline__ Pack<V, Width> packed(const Floats<Width>& x) {
  Pack<V, Width> pack;
  if constexpr (Width == 1) {
    pack.element = element_of<V>(x.at[0]);
  } else if constexpr (sizeof(V) == 2) {
#pragma unroll
    for (int i = 0; i < Width; i += 2) pack.words[i / 2] = pair_of<V>(x.at[i], x.at[i + 1]);
  } else {
#pragma unroll
    for (int i = 0; i < Width; ++i) pack.words[i] = __float_as_uint(x.at[i]);
  }
  return pack;
}

template <class V, int Width>
__device__ __forceinline__ Floats<Width> load_floats(const V* from) {
  return floats<V, Width>(load<V, Width>(from));
}
template <class V, int Width>
__device__ __forceinline__ void store_floats(V* to, const Floats<Width>& x) {
  store<V, Width>(to, packed<V, Width>(x));
}

// Whether all these addresses are multiples of 16 bytes (an absent one, null, is).
template <class... V>
bool aligned_for_packs(const V*... addresses) {
  return (... && (reinterpret_cast<std::uintptr_t>(addresses) % 16 == 0));
}

// Calls body with the number of elements a thread takes at once, as a constant: Width where `packs`, else 1.
template <int Width, class Body>
void with_width(bool packs, const Body& body) {
  if (packs) {
    body(std::integral_constant<int, Width>{});
  } else {
    body(std::integral_constant<int, 1>{});
  }
}

}  // namespace gpt::ops::cuda
