#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/gpt-train/event_record.hpp"
#include "libgpt/train/observer.hpp"

namespace gpt::train_tool {

// --tensorboard-dir: an event file of its own for each start of a run, with Megatron's names ("lm loss",
// "lm loss vs samples", "lm loss validation" ...). Written as steps end. TensorBoard reads the files of a
// folder as one run.
class TensorboardLog {
 public:
  // Makes the folder. Throws io::IoError.
  explicit TensorboardLog(const std::string& folder);
  ~TensorboardLog();
  TensorboardLog(const TensorboardLog&) = delete;
  TensorboardLog& operator=(const TensorboardLog&) = delete;

  void write_or_throw(const train::StepMetrics& metrics);
  void write_or_throw(const train::EvaluationMetrics& metrics);

  const std::string& path() const { return path_; }

 private:
  // Each number by step, and again by samples.
  void append_or_throw(std::int64_t step, std::int64_t samples, const std::vector<Scalar>& scalars);
  void append_or_throw(std::string_view record);

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace gpt::train_tool
