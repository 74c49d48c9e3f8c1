#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// What the third stage leaves (docs/formats/dedup-stages.md): a bit for each document, set where it stays.
// corpus: SharedCorpus::fingerprint of the documents.
void write_kept_file_or_throw(io::OutputFile& output, const std::vector<bool>& kept, std::uint64_t corpus);
// Throws io::DataError where it is not whole, or not of that corpus.
std::vector<bool> read_kept_file_or_throw(const std::string& path, std::uint64_t documents,
                                          std::uint64_t corpus);

}  // namespace gpt::dedup
