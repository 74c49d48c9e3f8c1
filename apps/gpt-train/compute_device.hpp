#pragma once

#include <string>

#include "apps/gpt-train/options.hpp"
#include "libgpt/comm/cuda/rank_device.hpp"

namespace gpt::train_tool {

// Throws cli::UsageError where the options ask for what the CPU, if it is the device, has not.
void check_device_or_throw(const Options& options, const comm::RankDevice& device);

// For the log: " device: NVIDIA H200 of 141 GiB, bf16; ranks pass messages by NCCL 2.28.9".
std::string device_overview(const Options& options, const comm::RankDevice& device, int ranks);

}  // namespace gpt::train_tool
