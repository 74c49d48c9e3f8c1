#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libgpt/checkpoint/chunk_checksums.hpp"
#include "libgpt/checkpoint/safetensors_file.hpp"

namespace gpt::checkpoint {

// The tensors of one or several safetensors files, found by name. A leading "transformer." may be there or
// not, in the files and in what is asked for: names are compared without it.
class TensorSet {
 public:
  // folder/stem.safetensors, or the shards that folder/stem.safetensors.index.json lists. checksums: of the
  // checkpoint, with name_prefix ("optimizer/") before the file names. Throws io::IoError, io::DataError;
  // names what is missing when there is neither.
  static TensorSet open_or_throw(const std::string& folder, const std::string& stem,
                                 const std::optional<ChecksumTable>& checksums = {},
                                 const std::string& name_prefix = {});

  bool contains(const std::string& name) const;
  // Reads a whole tensor of exactly this shape. Throws io::DataError naming tensor, file and both shapes.
  void read_or_throw(const std::string& name, const Shape& shape, std::span<float> values);
  // Only elements [first, first + values.size()) of a part of it, packed as the part is.
  void read_part_or_throw(const std::string& name, const Shape& shape, const model::TensorPart& part,
                          std::int64_t first, std::span<float> values);
  // Throws as read_or_throw would, without reading data.
  void check_or_throw(const std::string& name, const Shape& shape) const;

 private:
  struct Place {
    std::size_t file;
    std::size_t entry;
  };
  void add_file_or_throw(SafetensorsFile file);
  const Place& find_or_throw(const std::string& name, const Shape& shape) const;

  std::string source_;  // for messages: the file, or the index of the shards
  std::vector<SafetensorsFile> files_;
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace gpt::checkpoint
