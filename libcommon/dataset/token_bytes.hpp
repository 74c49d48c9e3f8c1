#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "libcommon/dataset/token_type.hpp"

namespace gpt::dataset {

// Appends ids as the bytes they are in a .bin. Throws std::out_of_range for an id that the type cannot hold,
// beginning with `where`, the dataset's name.
void append_token_bytes_or_throw(std::string& out, TokenType type, std::span<const std::uint32_t> ids,
                                 const std::string& where);

}  // namespace gpt::dataset
