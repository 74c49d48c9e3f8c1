#pragma once

#include <optional>
#include <string>

#include "libcommon/io/output_file.hpp"
#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/train/step_profile.hpp"
#include "libgpt/train/trace_file.hpp"

namespace gpt::train_tool {

// What --profile asks for; without it, nothing.
class Profile {
 public:
  // Made by all ranks at once. The trace is opened now, so that a path that cannot be written is known before
  // the run; it appears under its name at the end. Throws IoError.
  Profile(const std::optional<std::string>& trace_path, io::Existing existing, comm::Communicator& world);

  // None without --profile.
  train::StepProfile* recorder() { return recorder_ ? &*recorder_ : nullptr; }

  // After the run, by all ranks: prints the table and completes the trace.
  void report_or_throw(const comm::ParallelGroups& groups);

 private:
  std::optional<train::StepProfile> recorder_;
  std::optional<train::TraceFile> trace_;
};

}  // namespace gpt::train_tool
