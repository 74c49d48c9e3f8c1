#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gpt::dataset {

// How token ids are stored in a .bin; the values are the codes in the .idx.
enum class TokenType : std::uint8_t { u8 = 1, i8 = 2, i16 = 3, i32 = 4, i64 = 5, u16 = 8 };

std::size_t bytes_of(TokenType type);
std::string_view name_of(TokenType type);  // "u16"

// Empty for a code that is unknown, or that of a floating-point type.
std::optional<TokenType> token_type_of_code(std::uint8_t code);

// What Megatron-LM picks: u16 when the vocabulary, without padding, has fewer than 65,500 entries, else i32.
TokenType token_type_for_vocabulary(std::size_t entries);

// The highest id that a type can hold.
std::uint64_t highest_id(TokenType type);

}  // namespace gpt::dataset
