#pragma once

#include <string>

#include "libcommon/io/output_file.hpp"

namespace gpt::io {

// Whether an OutputFile can be made there later: check_output_or_throw, and the folder is there and may be
// written in. For checks before long work. Throws IoError.
void check_output_place_or_throw(const std::string& path, Existing existing);

}  // namespace gpt::io
