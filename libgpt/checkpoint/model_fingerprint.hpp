#pragma once

#include <cstdint>
#include <string>

namespace gpt::checkpoint {

// What tells the model of a folder from another at the cost of reading a few small files. folder: one that
// holds config.json. Of a checkpoint that this toolkit wrote it covers every byte, by its checksums; of a
// model from elsewhere its configuration, and length and front of each file of weights. Throws io::IoError.
std::uint64_t model_fingerprint_or_throw(const std::string& folder);

}  // namespace gpt::checkpoint
