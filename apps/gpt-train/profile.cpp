#include "apps/gpt-train/profile.hpp"

#include "apps/gpt-train/standard_output.hpp"
#include "libgpt/train/profile_report.hpp"

namespace gpt::train_tool {

Profile::Profile(const std::optional<std::string>& trace_path, io::Existing existing,
                 comm::Communicator& world) {
  if (!trace_path) return;
  recorder_.emplace(train::common_origin(world));
  if (world.rank() == 0) trace_.emplace(*trace_path, existing);
}

void Profile::report_or_throw(const comm::ParallelGroups& groups) {
  if (!recorder_) return;
  std::string text = train::report_profile_or_throw(*recorder_, groups, trace_ ? &*trace_ : nullptr);
  if (text.empty()) return;
  text.pop_back();  // the last line's end, which printing adds
  print_line_or_throw(text);
}

}  // namespace gpt::train_tool
