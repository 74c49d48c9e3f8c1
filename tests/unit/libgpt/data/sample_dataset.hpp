#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "libcommon/dataset/indexed_dataset_writer.hpp"
#include "tests/support/scratch_folder.hpp"

namespace gpt::data {

using test::ScratchFolder;

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
