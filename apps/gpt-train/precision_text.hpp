#pragma once

#include "libgpt/cost/layout.hpp"

namespace gpt::train_tool {

inline const char* precision_name(cost::Precision precision) {
  switch (precision) {
    case cost::Precision::fp32:
      return "fp32";
    case cost::Precision::fp16:
      return "fp16";
    case cost::Precision::bf16:
      return "bf16";
  }
  return "";
}

// The option that asks for it.
inline const char* precision_flag(cost::Precision precision) {
  return precision == cost::Precision::bf16 ? "--bf16" : precision == cost::Precision::fp16 ? "--fp16" : "";
}

}  // namespace gpt::train_tool
