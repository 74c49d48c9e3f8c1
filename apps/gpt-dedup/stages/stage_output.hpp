#pragma once

#include <optional>
#include <string>

#include "apps/gpt-dedup/stages/stage_options.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

void make_folder_or_throw(const std::string& folder);  // io::IoError

// The file that a stage leaves. Clears away what a killed run of the same stage left
// behind. Empty where the file is there and --resume says to leave it. Throws io::IoError where it is there
// otherwise, without --force.
std::optional<io::OutputFile> open_stage_output(const std::string& path, const StageOptions& options);

}  // namespace gpt::dedup
