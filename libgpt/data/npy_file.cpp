#include "libgpt/data/npy_file.hpp"

#include <cstdint>
#include <cstring>

namespace gpt::data {
namespace {

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t kPreamble = kMagic.size() + 2;  // and the header's length in 16 bits

std::string description(std::string_view descr, std::span<const std::size_t> shape) {
  std::string text = "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ' ';
    text += std::to_string(shape[i]) + ',';
  }
  if (shape.size() > 1) text.pop_back();
  return text + "), }";
}

}  // namespace

std::string npy_header(std::string_view descr, std::span<const std::size_t> shape) {
  std::string text = description(descr, shape);
  text.append(63 - (kPreamble + text.size()) % 64, ' ');
  text += '\n';
  std::string header(kMagic);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

std::optional<std::size_t> npy_data_offset(std::span<const std::byte> file, std::string_view descr,
                                           std::span<const std::size_t> shape) {
  if (file.size() < kPreamble || std::memcmp(file.data(), kMagic.data(), kMagic.size()) != 0)
    return std::nullopt;
  std::uint16_t length = 0;
  std::memcpy(&length, file.data() + kMagic.size(), sizeof length);
  std::size_t bytes = sizeof(std::int32_t);
  for (const auto size : shape) bytes *= size;
  if (file.size() != kPreamble + length + bytes) return std::nullopt;
  const std::string wanted = description(descr, shape);
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + kPreamble, length);
  if (text.substr(0, wanted.size()) != wanted) return std::nullopt;
  if (text.find_first_not_of(" \n", wanted.size()) != std::string_view::npos) return std::nullopt;
  return kPreamble + length;
}

}  // namespace gpt::data
