#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "apps/gpt-estimate/sheet_formats.hpp"
#include "libcommon/cli/command.hpp"
#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"
#include "libgpt/cost/recompute.hpp"

namespace gpt::estimate {

enum class Device { gpu, cpu };

struct ModelTask {
  cost::ModelShape shape;
  cost::Batch batch;
  cost::Layout layout;
  std::int64_t vocabulary_multiple = 128;
  cost::Precision precision = cost::Precision::bf16;
  cost::RecomputeConfig recompute;
  Device device = Device::gpu;
  std::optional<double> flops_per_process;  // a second
  std::optional<double> tokens;             // to train over
};

struct TimeTask {
  double tokens = 0;
  double parameters = 0;
  double processes = 0;
  double flops_per_process = 0;  // a second
  cost::Recompute recompute = cost::Recompute::none;
};

struct TablesTask {
  std::vector<std::string> names;  // empty: all
};

struct Options {
  std::variant<ModelTask, TimeTask, TablesTask> task;
  Format format = Format::text;
  std::string output = "-";
  cli::CommonOptions common;
};

// Throws cli::UsageError.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::estimate
