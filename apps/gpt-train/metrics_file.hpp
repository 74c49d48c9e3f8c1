#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libcommon/io/output_file.hpp"
#include "libgpt/train/observer.hpp"

namespace gpt::train_tool {

// --metrics: a JSON object a step, and one an evaluation, written as they happen (docs/formats/metrics.md).
class MetricsFile {
 public:
  // resumed_iteration: 0 starts a file anew (an existing one is refused unless existing says replace); else
  // an existing file goes on: what it says of later iterations is dropped, and an evaluation that it holds is
  // not written again. Throws io::IoError.
  MetricsFile(const std::string& path, std::int64_t resumed_iteration, io::Existing existing);
  ~MetricsFile();
  MetricsFile(const MetricsFile&) = delete;
  MetricsFile& operator=(const MetricsFile&) = delete;

  // rank_flops: floating-point operations a second of each rank.
  void write_or_throw(const train::StepMetrics& metrics, double rank_flops);
  void write_or_throw(const train::EvaluationMetrics& metrics);

 private:
  void append_or_throw(std::string_view line);

  std::string path_;
  std::string kept_;  // the lines of an earlier run
  int descriptor_ = -1;
};

}  // namespace gpt::train_tool
