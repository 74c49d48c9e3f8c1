#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/io/output_file.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::clean {

// Where cleaned documents go: one file, or several parts that take turns, so that their numbers of documents
// differ by one at most. Parts are named as those of shards (io::part_name).
class KeptOutput {
 public:
  KeptOutput(const std::string& path, std::size_t parts, io::Existing existing);

  // bytes: documents one after the other; ends: where each ends in them.
  void write_or_throw(std::string_view bytes, const std::vector<std::size_t>& ends);
  // Call once, at the very end: all parts appear.
  void commit_or_throw();

 private:
  std::vector<io::OutputFile> files_;
  std::size_t next_ = 0;  // whose turn it is
};

}  // namespace gpt::clean
