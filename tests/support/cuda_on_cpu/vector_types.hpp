#pragma once

// CUDA's small vectors, with the alignment that makes one load of them.

#define GPT_VECTOR2(name, element, alignment) \
  struct alignas(alignment) name {            \
    element x, y;                             \
  };                                          \
  constexpr name make_##name(element x, element y) { return {x, y}; }
#define GPT_VECTOR3(name, element) \
  struct name {                    \
    element x, y, z;               \
  };                               \
  constexpr name make_##name(element x, element y, element z) { return {x, y, z}; }
#define GPT_VECTOR4(name, element, alignment) \
  struct alignas(alignment) name {            \
    element x, y, z, w;                       \
  };                                          \
  constexpr name make_##name(element x, element y, element z, element w) { return {x, y, z, w}; }

GPT_VECTOR2(int2, int, 8)
GPT_VECTOR2(uint2, unsigned, 8)
GPT_VECTOR2(float2, float, 8)
GPT_VECTOR2(double2, double, 16)
GPT_VECTOR2(short2, short, 4)
GPT_VECTOR2(ushort2, unsigned short, 4)
GPT_VECTOR2(longlong2, long long, 16)
GPT_VECTOR2(ulonglong2, unsigned long long, 16)
GPT_VECTOR3(int3, int)
GPT_VECTOR3(uint3, unsigned)
GPT_VECTOR3(float3, float)
GPT_VECTOR4(int4, int, 16)
GPT_VECTOR4(uint4, unsigned, 16)
GPT_VECTOR4(float4, float, 16)
GPT_VECTOR4(short4, short, 8)
GPT_VECTOR4(ushort4, unsigned short, 8)
GPT_VECTOR4(uchar4, unsigned char, 4)

#undef GPT_VECTOR2
#undef GPT_VECTOR3
#undef GPT_VECTOR4

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x_extent = 1, unsigned y_extent = 1, unsigned z_extent = 1)
      : x(x_extent), y(y_extent), z(z_extent) {}
};
