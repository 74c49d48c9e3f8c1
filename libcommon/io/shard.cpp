#include "libcommon/io/shard.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_descriptor.hpp"
#include "libcommon/io/file_name.hpp"

namespace gpt::io {
namespace {

bool begins_compressed(std::string_view bytes) {
  return bytes.starts_with("\x1F\x8B") || bytes.starts_with("\x28\xB5\x2F\xFD");
}

InputFile inspect_or_throw(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (file.number() < 0 || fstat(file.number(), &status) != 0) throw IoError(path, "cannot open", errno);
  if (!S_ISREG(status.st_mode)) return {path, 0, false};
  char magic[4] = {};
  const ssize_t count = ::pread(file.number(), magic, sizeof magic, 0);
  if (count < 0) throw IoError(path, "cannot read", errno);
  const std::string_view beginning(magic, static_cast<std::size_t>(count));
  return {path, static_cast<std::uint64_t>(status.st_size), !begins_compressed(beginning)};
}

// part / parts of total, rounded down, without overflow.
std::uint64_t bound(std::uint64_t total, int part, int parts) {
  const auto p = static_cast<std::uint64_t>(part);
  const auto n = static_cast<std::uint64_t>(parts);
  return total / n * p + total % n * p / n;
}

std::string five_digits(int number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::vector<InputFile> inspect_inputs_or_throw(const std::vector<std::string>& paths) {
  std::vector<InputFile> inputs;
  inputs.reserve(paths.size());
  for (const auto& path : paths) inputs.push_back(inspect_or_throw(path));
  return inputs;
}

std::vector<FileRange> share_of_inputs(const std::vector<InputFile>& inputs, Shard shard) {
  std::vector<FileRange> share;
  const bool all_divisible =
      std::all_of(inputs.begin(), inputs.end(), [](const InputFile& input) { return input.divisible; });
  if (!all_divisible || inputs.size() >= static_cast<std::size_t>(shard.world)) {
    const std::uint64_t last = bound(inputs.size(), shard.rank + 1, shard.world);
    for (std::uint64_t i = bound(inputs.size(), shard.rank, shard.world); i < last; ++i) {
      share.push_back({inputs[i].path});
    }
    return share;
  }
  std::uint64_t total = 0;
  for (const auto& input : inputs) total += input.bytes;
  const std::uint64_t from = bound(total, shard.rank, shard.world);
  const std::uint64_t to = bound(total, shard.rank + 1, shard.world);
  std::uint64_t file_begin = 0;
  for (const auto& input : inputs) {
    const std::uint64_t file_end = file_begin + input.bytes;
    const std::uint64_t begin = std::max(from, file_begin);
    const std::uint64_t end = std::min(to, file_end);
    if (begin < end) {
      share.push_back(
          {input.path, begin - file_begin, end == file_end ? FileRange::kToTheEnd : end - file_begin});
    }
    file_begin = file_end;
  }
  return share;
}

std::string part_name(const std::string& path, Shard shard) {
  if (shard.is_everything() || path == "-") return path;
  const std::size_t folder_end = path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1;
  std::size_t stem_end = without_compression(path).size();
  const std::size_t dot = path.rfind('.', stem_end == 0 ? 0 : stem_end - 1);
  if (dot != std::string::npos && dot > folder_end) stem_end = dot;
  return path.substr(0, stem_end) + "." + five_digits(shard.rank) + "-of-" + five_digits(shard.world) +
         path.substr(stem_end);
}

}  // namespace gpt::io
