#pragma once

#include <functional>
#include <optional>
#include <string>

#include "apps/gpt-dedup/stages/settings.hpp"
#include "apps/gpt-dedup/stages/stage_options.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

void make_folder_or_throw(const std::string& folder);  // io::IoError

// Removes temporaries of OutputFile under that name, left by processes that are gone.
void remove_leftovers(const std::string& result);

// What a stage leaves, and what it hangs on.
struct StageResult {
  std::string path;
  Settings asked;
  std::function<Settings()> there;  // of the file that lies there; may throw
};

// The file that a stage leaves. Clears away what a killed run of the same stage left
// behind. Empty where the file is there and --resume says to leave it; throws io::DataError where it was then
// made of other things than are asked, and io::IoError where it is there otherwise, without --force.
std::optional<io::OutputFile> open_stage_output(const StageResult& result, const StageOptions& options);

}  // namespace gpt::dedup
