#pragma once

#include <string>

#include "libgpt/checkpoint/save.hpp"
#include "libgpt/comm/communicator.hpp"

namespace gpt::checkpoint {

// Fills an empty folder, which every rank reaches by this path, with a checkpoint's files, checksums last,
// and makes all of it durable. The bytes are the same whatever the ranks and what each of them holds.
// Collective. Throws SaveError on all ranks and leaves what was written; the caller removes it.
void write_folder_or_throw(comm::Communicator& world, const std::string& folder,
                           const CheckpointContent& content, const SaveOptions& options);

}  // namespace gpt::checkpoint
