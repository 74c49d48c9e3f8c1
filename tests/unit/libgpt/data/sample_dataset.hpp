#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "libcommon/dataset/indexed_dataset_writer.hpp"

namespace gpt::data {

// A folder that goes with the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gpt-data-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// One document for each length; token k of document d is step · d + k.
inline void write_counting_dataset(const std::string& prefix, const std::vector<std::uint32_t>& lengths,
                                   std::uint32_t step) {
  dataset::IndexedDatasetWriter writer(prefix, dataset::TokenType::u16);
  std::vector<std::uint32_t> tokens;
  for (std::uint32_t document = 0; document < lengths.size(); ++document) {
    tokens.clear();
    for (std::uint32_t k = 0; k < lengths[document]; ++k) tokens.push_back(step * document + k);
    writer.add_sequence_or_throw(tokens);
    writer.end_document();
  }
  writer.commit_or_throw();
}

}  // namespace gpt::data
