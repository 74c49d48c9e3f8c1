#include "libcommon/dataset/token_bytes.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace gpt::dataset {
namespace {

template <class T>
void append_as(std::string& out, std::span<const std::uint32_t> ids) {
  const std::size_t begin = out.size();
  out.resize(begin + ids.size() * sizeof(T));
  char* to = out.data() + begin;
  for (const std::uint32_t id : ids) {
    const T value = static_cast<T>(id);
    std::memcpy(to, &value, sizeof value);
    to += sizeof value;
  }
}

}  // namespace

void append_token_bytes_or_throw(std::string& out, TokenType type, std::span<const std::uint32_t> ids,
                                 const std::string& where) {
  std::uint32_t highest = 0;
  for (const std::uint32_t id : ids) highest = std::max(highest, id);
  if (highest > highest_id(type)) {
    throw std::out_of_range(where + ": token id " + std::to_string(highest) + " does not fit " +
                            std::string(name_of(type)));
  }
  switch (type) {
    case TokenType::u8:
    case TokenType::i8:
      return append_as<std::uint8_t>(out, ids);
    case TokenType::i16:
    case TokenType::u16:
      return append_as<std::uint16_t>(out, ids);
    case TokenType::i32:
      return append_as<std::uint32_t>(out, ids);
    case TokenType::i64:
      return append_as<std::uint64_t>(out, ids);
  }
}

}  // namespace gpt::dataset
