#include "libcommon/tokenizer/byte_symbols.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

using namespace gpt::tokenizer;

TEST_CASE("every byte has a symbol of its own and comes back from it") {
  std::set<char32_t> seen;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char32_t symbol = symbol_of_byte(static_cast<std::uint8_t>(byte));
    CHECK(seen.insert(symbol).second);
    CHECK(byte_of_symbol(symbol) == byte);
  }
}

TEST_CASE("symbols are those of GPT-2") {
  CHECK(symbol_text('A') == "A");
  CHECK(symbol_text(' ') == "Ġ");
  CHECK(symbol_text('\n') == "Ċ");
  CHECK(symbol_text(0x00) == "Ā");
  CHECK(symbol_text(0x7F) == "ġ");
  CHECK(symbol_text(0xA1) == "¡");
  CHECK(symbol_text(0xAD) == "Ń");
  CHECK(symbol_text(0xFF) == "ÿ");
}

TEST_CASE("bytes to symbols and back") {
  CHECK(to_symbols(" så\n") == "ĠsÃ¥Ċ");
  CHECK(from_symbols("ĠsÃ¥Ċ") == " så\n");
  CHECK(from_symbols("") == "");
  CHECK_FALSE(from_symbols("a b").has_value());
  CHECK_FALSE(from_symbols("文").has_value());
  CHECK_FALSE(from_symbols("\xFF").has_value());
}
