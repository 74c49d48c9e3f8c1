#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include "libcommon/cli/command.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::clean {

// Whether a part is one that an earlier run of an array job has finished, and is to be left alone.
inline bool is_done_already(const std::string& part, io::Shard shard, const cli::CommonOptions& common) {
  if (shard.is_everything() || common.force || part == "-") return false;
  std::error_code ignored;
  return std::filesystem::is_regular_file(part, ignored);
}

}  // namespace gpt::clean
