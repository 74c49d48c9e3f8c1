#include "apps/gpt-bpe-train/count/task_identity.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <sys/stat.h>
#include <xxhash.h>

#include "libcommon/cli/version.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::bpe_train {
namespace {

// Texts and numbers in a row, each text with its length before it, so that no two rows hash the same bytes.
class Parts {
 public:
  void add(std::string_view text) { all_.append(std::to_string(text.size())).append(":").append(text); }
  void add(std::uint64_t number) { add(std::to_string(number)); }
  std::uint64_t hash() const { return XXH3_64bits(all_.data(), all_.size()); }

 private:
  std::string all_;
};

Parts options_parts(const CountTask& task) {
  Parts parts;
  parts.add(cli::version_number());
  parts.add(options_of(task.splitting, task.unit));
  parts.add(static_cast<std::uint64_t>(task.format));
  parts.add(task.json_key);
  parts.add(static_cast<std::uint64_t>(task.on_error));
  parts.add(task.sample.limit());
  parts.add(task.sample.limit() == 0 ? 0 : task.sample.seed());
  return parts;
}

}  // namespace

std::uint64_t job_of_or_throw(const CountTask& task) {
  Parts parts = options_parts(task);
  for (const io::InputFile& input : io::inspect_inputs_or_throw(task.inputs)) {
    parts.add(input.path);
    parts.add(input.bytes);
  }
  return parts.hash();
}

std::optional<std::uint64_t> origin_of(const CountTask& task) {
  Parts parts = options_parts(task);
  parts.add(task.memory);
  for (const std::string& input : task.inputs) {
    struct stat status = {};
    if (input == "-" || stat(input.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    parts.add(input);
    parts.add(static_cast<std::uint64_t>(status.st_size));
    parts.add(static_cast<std::uint64_t>(status.st_mtim.tv_sec));
    parts.add(static_cast<std::uint64_t>(status.st_mtim.tv_nsec));
  }
  return parts.hash();
}

bool has_regular_inputs(const CountTask& task) {
  return std::all_of(task.inputs.begin(), task.inputs.end(), [](const std::string& input) {
    struct stat status = {};
    return input != "-" && stat(input.c_str(), &status) == 0 && S_ISREG(status.st_mode);
  });
}

}  // namespace gpt::bpe_train
