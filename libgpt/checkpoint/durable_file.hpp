#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libgpt/checkpoint/chunk_checksums.hpp"

namespace gpt::checkpoint {

// A new file, hashed chunk by chunk as it is written. For use inside a folder that only gets its name when
// everything in it is durable; so there is no temporary name here.
class DurableFile {
 public:
  explicit DurableFile(const std::string& path);  // io::IoError; the path must not exist
  ~DurableFile();
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;

  void write_or_throw(std::string_view bytes);  // io::IoError, a full disk for instance
  // fsync and close; call once. The checksums of all that was written.
  FileChecksums finish_or_throw();

 private:
  void flush_or_throw();

  std::string path_;
  int descriptor_;
  std::string chunk_;  // at most one chunk, not yet written
  FileChecksums sums_;
};

// Makes the names in a folder durable. Throws io::IoError.
void sync_folder_or_throw(const std::string& folder);

}  // namespace gpt::checkpoint
