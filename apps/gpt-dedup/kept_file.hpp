#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// What the third stage leaves (docs/formats/dedup-stages.md): a bit for each document, set where it stays.
void write_kept_file_or_throw(io::OutputFile& output, const std::vector<bool>& kept);
// Throws io::DataError where it is not whole, or not of so many documents.
std::vector<bool> read_kept_file_or_throw(const std::string& path, std::uint64_t documents);

}  // namespace gpt::dedup
