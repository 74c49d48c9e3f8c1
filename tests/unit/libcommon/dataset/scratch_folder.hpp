#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/scratch_folder.hpp"

using gpt::test::ScratchFolder;

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
