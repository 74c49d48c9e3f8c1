#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::data {

// NumPy's .npy format, version 1: arrays of 32-bit integers in C order.

// The header for an array of this type ("<i4", "<u4") and shape.
std::string npy_header(std::string_view descr, std::span<const std::size_t> shape);

// Where the elements of a file of exactly this type and shape begin; empty when the bytes are anything else.
std::optional<std::size_t> npy_data_offset(std::span<const std::byte> file, std::string_view descr,
                                           std::span<const std::size_t> shape);

}  // namespace gpt::data
