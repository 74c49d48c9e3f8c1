#include "apps/gpt-train/compute_device.hpp"

#include "apps/gpt-train/precision_text.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::train_tool {

void check_device_or_throw(const Options& options, const comm::RankDevice& device) {
  if (device.is_gpu() || options.precision == cost::Precision::fp32) return;
  throw cli::UsageError(std::string(precision_flag(options.precision)) +
                        ": training on the CPU is in fp32; leave it out, or start where there is a GPU (" +
                        device.why_no_gpu() + ")");
}

std::string device_overview(const Options& options, const comm::RankDevice& device, int ranks) {
  std::string overview = " device: " + device.name() + ", " + precision_name(options.precision);
  if (!device.is_gpu()) return overview;
  if (options.precision == cost::Precision::fp32 && options.allow_tf32) overview += " with products in TF32";
  if (ranks > 1) overview += "; ranks pass messages by " + device.body();
  if (device.sharing() > 1) overview += ", shared by " + std::to_string(device.sharing()) + " ranks";
  return overview;
}

}  // namespace gpt::train_tool
