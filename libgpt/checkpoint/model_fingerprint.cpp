#include "libgpt/checkpoint/model_fingerprint.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/chunk_checksums.hpp"

namespace gpt::checkpoint {
namespace {

namespace fs = std::filesystem;

// The header of a file of weights, and numbers behind it.
constexpr std::size_t kFront = std::size_t{1} << 20;

// As it lies there: the front of a file of weights may look like a compressed one.
std::string front_of_or_throw(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw io::IoError(path.string(), "cannot open", errno);
  std::string front(kFront, '\0');
  file.read(front.data(), static_cast<std::streamsize>(front.size()));
  front.resize(static_cast<std::size_t>(file.gcount()));
  return front;
}

std::vector<fs::path> weight_files(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::uint64_t model_fingerprint_or_throw(const std::string& folder) {
  std::string told;
  if (const std::string checksums = folder + "/" + kChecksumsFile; fs::exists(checksums)) {
    told = io::read_file_or_throw(checksums);
  } else {
    told = io::read_file_or_throw(folder + "/config.json");
    for (const fs::path& file : weight_files(folder)) {
      told += file.filename().string() + "\n" + std::to_string(fs::file_size(file)) + "\n" +
              front_of_or_throw(file);
    }
  }
  return chunk_hash(std::as_bytes(std::span(told)));
}

}  // namespace gpt::checkpoint
