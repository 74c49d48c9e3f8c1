#include "libcommon/dataset/token_type.hpp"

#include <limits>
#include <stdexcept>

namespace gpt::dataset {
namespace {

struct Facts {
  std::size_t bytes;
  std::string_view name;
  std::uint64_t highest;
};

template <class T>
constexpr Facts facts(std::string_view name) {
  return {sizeof(T), name, static_cast<std::uint64_t>(std::numeric_limits<T>::max())};
}

Facts facts_of(TokenType type) {
  switch (type) {
    case TokenType::u8:
      return facts<std::uint8_t>("u8");
    case TokenType::i8:
      return facts<std::int8_t>("i8");
    case TokenType::i16:
      return facts<std::int16_t>("i16");
    case TokenType::i32:
      return facts<std::int32_t>("i32");
    case TokenType::i64:
      return facts<std::int64_t>("i64");
    case TokenType::u16:
      return facts<std::uint16_t>("u16");
  }
  throw std::logic_error("unknown token type");
}

}  // namespace

std::size_t bytes_of(TokenType type) { return facts_of(type).bytes; }
std::string_view name_of(TokenType type) { return facts_of(type).name; }
std::uint64_t highest_id(TokenType type) { return facts_of(type).highest; }

std::optional<TokenType> token_type_of_code(std::uint8_t code) {
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 8:
      return static_cast<TokenType>(code);
    default:
      return std::nullopt;
  }
}

TokenType token_type_for_vocabulary(std::size_t entries) {
  return entries < 65500 ? TokenType::u16 : TokenType::i32;
}

}  // namespace gpt::dataset
