#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace gpt::data {

// SHA-256 in hexadecimal; the golden files keep long arrays as their digest.
std::string sha256_hex(std::span<const std::byte> bytes);

}  // namespace gpt::data
