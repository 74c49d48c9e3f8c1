#pragma once

#include "libgpt/tensor/element.hpp"

// Templates over the element type are compiled twice from the same sources: into gpt_runtime for the CPU, and
// into gpt_runtime_device for devices. GPT_FOR_EACH_ELEMENT(X) at the end of such a source calls X with each
// element type of the library that it is compiled for; GPT_FOR_EACH_TRAINED_ELEMENT with those that a
// training run, with its checkpoints in fp32, is made of.
#ifdef GPT_DEVICE_ELEMENTS
#define GPT_FOR_EACH_ELEMENT(X) \
  X(::gpt::tensor::DeviceF32)   \
  X(::gpt::tensor::DeviceBf16)  \
  X(::gpt::tensor::DeviceF16)
#define GPT_FOR_EACH_TRAINED_ELEMENT GPT_FOR_EACH_ELEMENT
#else
#define GPT_FOR_EACH_ELEMENT(X) X(float) X(double)
#define GPT_FOR_EACH_TRAINED_ELEMENT(X) X(float)
#endif
