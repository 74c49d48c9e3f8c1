#pragma once

#include <cstdint>
#include <string>

#include "apps/gpt-dedup/stages/settings.hpp"

namespace gpt::dedup {

// What the last stage leaves beside its output (docs/formats/dedup-stages.md): of what the output was made.
struct WrittenHeader {
  std::uint64_t kept = 0;   // KeptFile::fingerprint
  std::uint64_t bytes = 0;  // of the output

  Settings settings() const;
};

// Its name in a folder of the stages, which hangs on the output's.
std::string written_file_name(const std::string& folder, const std::string& output);
void write_written_file_or_throw(const std::string& path, const WrittenHeader& header);
// Throws io::DataError, for the output, where nothing is known of it.
WrittenHeader read_written_file_or_throw(const std::string& path, const std::string& output);

}  // namespace gpt::dedup
