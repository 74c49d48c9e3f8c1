#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpt::tokenizer {

// Byte-level vocabularies spell each byte as one printable character, so that tokens are valid text whatever
// bytes they stand for: printable ASCII and most of Latin-1 as themselves, the other 68 bytes as U+0100
// onwards in order. A space is "Ġ", a newline "Ċ".
char32_t symbol_of_byte(std::uint8_t byte);

// The byte a symbol stands for; empty for any other character.
std::optional<std::uint8_t> byte_of_symbol(char32_t symbol);

// The UTF-8 spelling of one byte's symbol: one or two bytes.
std::string_view symbol_text(std::uint8_t byte);

// Bytes in symbols, and back; empty when a character is no symbol (as in a special token with a space).
std::string to_symbols(std::string_view bytes);
std::optional<std::string> from_symbols(std::string_view symbols);

}  // namespace gpt::tokenizer
