#pragma once

#include <cstdint>
#include <string>

#include "apps/gpt-dedup/stages/settings.hpp"

namespace gpt::dedup {

// What the last stage leaves in the folder of the stages (docs/formats/dedup-stages.md): of which kept file
// an output is made. Written just before the output gets its name, so that it is there whenever that is.
struct WrittenHeader {
  std::uint64_t kept = 0;  // KeptFile::fingerprint

  Settings settings() const;
};

// Its name, by that of the output.
std::string written_file_name(const std::string& folder, const std::string& output);
void write_written_file_or_throw(const std::string& path, const WrittenHeader& header);
// Throws io::DataError, for the output, where nothing is known of it.
WrittenHeader read_written_file_or_throw(const std::string& path, const std::string& output);

}  // namespace gpt::dedup
