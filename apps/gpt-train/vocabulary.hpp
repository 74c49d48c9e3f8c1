#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-train/options.hpp"
#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/checkpoint/save.hpp"

namespace gpt::train_tool {

// The vocabulary that the data was made with, and its files, which travel with every checkpoint.
struct Vocabulary {
  std::int64_t size = 0;
  std::optional<std::int64_t> end_of_text;
  std::vector<checkpoint::ExtraFile> files;
};

// From --vocab-file and --merge-file, else from the folder that is loaded. Throws io::IoError, io::DataError.
Vocabulary read_vocabulary_or_throw(const DataOptions& data, const checkpoint::ModelFolder* folder);

}  // namespace gpt::train_tool
