#include "libcommon/tokenizer/byte_symbols.hpp"

#include <array>

#include "libcommon/text/utf8.hpp"

namespace gpt::tokenizer {
namespace {

bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Table {
  static constexpr char32_t kFirstShifted = 0x100;
  static constexpr std::size_t kSymbols = 0x100 + 68;

  Table() {
    byte_of.fill(-1);
    char32_t next = kFirstShifted;
    for (unsigned byte = 0; byte < 256; ++byte) {
      const char32_t symbol = stands_for_itself(byte) ? byte : next++;
      symbols[byte] = symbol;
      byte_of[symbol] = static_cast<std::int16_t>(byte);
      text::append_utf8(texts[byte], symbol);
    }
  }

  std::array<char32_t, 256> symbols{};
  std::array<std::string, 256> texts;
  std::array<std::int16_t, kSymbols> byte_of{};
};

const Table& table() {
  static const Table built;
  return built;
}

}  // namespace

char32_t symbol_of_byte(std::uint8_t byte) { return table().symbols[byte]; }

std::optional<std::uint8_t> byte_of_symbol(char32_t symbol) {
  if (symbol >= Table::kSymbols || table().byte_of[symbol] < 0) return std::nullopt;
  return static_cast<std::uint8_t>(table().byte_of[symbol]);
}

std::string_view symbol_text(std::uint8_t byte) { return table().texts[byte]; }

std::string to_symbols(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  for (const char byte : bytes) out += symbol_text(static_cast<std::uint8_t>(byte));
  return out;
}

std::optional<std::string> from_symbols(std::string_view symbols) {
  std::string out;
  out.reserve(symbols.size());
  while (!symbols.empty()) {
    if (const auto first = static_cast<unsigned char>(symbols.front());
        first < 0x80 && stands_for_itself(first)) {
      out.push_back(symbols.front());
      symbols.remove_prefix(1);
      continue;
    }
    const text::DecodedPoint decoded = text::decode_utf8(symbols);
    const auto byte = decoded.valid ? byte_of_symbol(decoded.point) : std::nullopt;
    if (!byte) return std::nullopt;
    out.push_back(static_cast<char>(*byte));
    symbols.remove_prefix(decoded.length);
  }
  return out;
}

}  // namespace gpt::tokenizer
