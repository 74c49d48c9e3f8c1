#pragma once

#include <string>

#include "libgpt/checkpoint/save.hpp"

namespace gpt::checkpoint {

// Fills an empty folder with a checkpoint's files, checksums last, and makes all of it durable. Throws
// io::IoError and leaves what was written; the caller removes it.
void write_folder_or_throw(const std::string& folder, const CheckpointContent& content,
                           const SaveOptions& options);

}  // namespace gpt::checkpoint
