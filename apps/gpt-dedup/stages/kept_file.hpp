#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/gpt-dedup/stages/settings.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// What the third stage leaves (docs/formats/dedup-stages.md): a bit for each document, set where it stays.
struct KeptHeader {
  std::uint64_t documents = 0;
  std::uint64_t corpus = 0;  // SharedCorpus::fingerprint of the documents
  std::uint64_t pairs = 0;   // fingerprint_of the pair files
  std::vector<std::string> priority;
  bool across_only = false;

  // What was grouped, and how was chosen.
  Settings settings() const;
};

// header: documents are filled in here.
void write_kept_file_or_throw(io::OutputFile& output, KeptHeader header, const std::vector<bool>& kept);

struct KeptFile {
  KeptHeader header;
  std::uint64_t fingerprint = 0;  // stands for all that the file holds
  std::vector<bool> kept;
};
// Throws io::DataError where it is not there, or not whole.
KeptFile read_kept_file_or_throw(const std::string& path);

}  // namespace gpt::dedup
